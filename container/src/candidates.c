/* The candidates of each parent and column, and which parents are looked at in a step. See forward.c for how their sums
   are kept. */

#include "candidates.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void *reserve(Pass *pass, size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) pass->is_short = 1;
  return memory;
}

/* Marks the knots that are allowed: `end_span` of the parent's rows lie on either side, `min_span` between two. */
static void allow_knots(const Pass *pass, const Parent *parent, const Column *column, Pair *pair, const int *above) {
  const Settings *settings = pass->settings;
  double columns = pass->columns;
  int end = settings->end_span ? settings->end_span : (int)(3 - log2(0.05 / columns));
  if (!settings->end_span && parent->degree > 0) end *= 2; /* interactions overfit at the ends first */
  int between = settings->min_span;
  if (!between) between = (int)(-log2(-log(1 - 0.05) / (columns * fmax(parent->rows, 1))) / 2.5);
  int last = parent->rows + between;
  for (int k = 0; k < column->knots; k++) {
    int is_allowed = above[k] >= end && parent->rows - above[k] >= end && last - above[k] >= between;
    if (is_allowed) last = above[k];
    else pair->hinge_raw[k] = 0;
  }
}

static int start_pair(Pass *pass, const Parent *parent, const Column *column, Pair *pair) {
  int knots = column->knots;
  double *arrays = reserve(pass, 4 * (size_t)knots, sizeof(double));
  int *above = reserve(pass, knots + 1, sizeof(int));
  if (!arrays || !above) {
    free(arrays);
    free(above);
    return 0;
  }
  pair->hinge_y = arrays;
  pair->hinge_square = arrays + knots;
  pair->hinge_linear = arrays + 2 * knots;
  pair->hinge_raw = arrays + 3 * knots;
  double *sums = pass->sums; /* for each bin: w^2, w^2 x, w^2 x^2, w y, w x y */
  memset(sums, 0, (knots + 1) * 2 * BATCH * sizeof(double));
  for (int i = 0; i < parent->rows; i++) {
    int row = parent->row[i], bin = column->bin[row];
    double w = parent->value[i], x = column->x[row], *sum = sums + bin * 2 * BATCH;
    sum[0] += w * w;
    sum[1] += w * w * x;
    sum[2] += w * w * x * x;
    sum[3] += w * pass->y[row];
    sum[4] += w * x * pass->y[row];
    above[bin]++;
  }
  double total[5] = {0};
  int count = 0;
  for (int k = knots; k >= 0; k--) {
    for (int s = 0; s < 5; s++) total[s] += sums[k * 2 * BATCH + s];
    count += above[k];
    if (k == 0) break;
    double knot = column->at[k - 1];
    above[k] = count;
    pair->hinge_y[k - 1] = total[4] - knot * total[3];
    pair->hinge_linear[k - 1] = total[2] - knot * total[1];
    pair->hinge_square[k - 1] = pair->hinge_raw[k - 1] = total[2] - 2 * knot * total[1] + knot * knot * total[0];
  }
  pair->linear_y = total[4];
  pair->linear_square = pair->linear_raw = total[2];
  allow_knots(pass, parent, column, pair, above + 1);
  free(above);
  return 1;
}

/* Takes from a pair's sums what up to BATCH directions from `pair->seen` on explain. */
static void explain(const Pass *pass, const Parent *parent, const Column *column, Pair *pair) {
  int count = pass->terms - pair->seen < BATCH ? pass->terms - pair->seen : BATCH;
  const double *direction[BATCH];
  for (int d = 0; d < BATCH; d++) direction[d] = pass->direction + (size_t)(pair->seen + (d < count ? d : 0)) * pass->rows;
  memset(pass->sums, 0, (column->knots + 1) * 2 * BATCH * sizeof(double));
  for (int i = 0; i < parent->rows; i++) {
    int row = parent->row[i];
    double w = parent->value[i], wx = w * column->x[row], *sum = pass->sums + column->bin[row] * 2 * BATCH;
    for (int d = 0; d < BATCH; d++) {
      sum[d] += w * direction[d][row];
      sum[BATCH + d] += wx * direction[d][row];
    }
  }
  for (int d = 0; d < count; d++) {
    double level = 0, slope = 0, moment = pass->moment[pair->seen + d];
    for (int k = 0; k <= column->knots; k++) slope += pass->sums[k * 2 * BATCH + BATCH + d];
    double linear = slope;
    slope = 0;
    for (int k = column->knots; k > 0; k--) {
      level += pass->sums[k * 2 * BATCH + d];
      slope += pass->sums[k * 2 * BATCH + BATCH + d];
      double hinge = slope - column->at[k - 1] * level;
      pair->hinge_y[k - 1] -= hinge * moment;
      pair->hinge_square[k - 1] -= hinge * hinge;
      pair->hinge_linear[k - 1] -= hinge * linear;
    }
    pair->linear_y -= linear * moment;
    pair->linear_square -= linear * linear;
  }
  pair->seen += count;
}

static void best_of_pair(Parent *parent, int column, int knots, const Pair *pair, Candidate *best) {
  int is_linear_new = pair->linear_square > INDEPENDENT * pair->linear_raw;
  double slope = is_linear_new ? pair->linear_y / pair->linear_square : 0;
  double linear = slope * pair->linear_y;
  if (is_linear_new && linear > best->gain) *best = (Candidate){linear, parent, column, -1};
  for (int k = 0; k < knots; k++) {
    if (pair->hinge_raw[k] <= 0) continue;
    double square = pair->hinge_square[k], with_y = pair->hinge_y[k];
    if (is_linear_new) {
      square -= pair->hinge_linear[k] * pair->hinge_linear[k] / pair->linear_square;
      with_y -= pair->hinge_linear[k] * slope;
    }
    if (square <= INDEPENDENT * pair->hinge_raw[k]) continue;
    double gain = linear + with_y * with_y / square;
    if (gain > best->gain) *best = (Candidate){gain, parent, column, k};
  }
}

static void look_at(Pass *pass, Parent *parent, Candidate *best) {
  Candidate own = {0, NULL, 0, 0};
  for (int j = 0; j < pass->columns; j++) {
    Pair *pair = &parent->pairs[j];
    Column *column = &pass->column[j];
    if (pair->seen < 0) continue;
    if (!pair->hinge_y && !start_pair(pass, parent, column, pair)) return;
    while (pair->seen < pass->terms) explain(pass, parent, column, pair);
    best_of_pair(parent, j, column->knots, pair, &own);
  }
  parent->gain = own.gain;
  parent->looked_at = pass->terms;
  if (own.gain > best->gain) *best = own;
}

/* ---- The queue of parents ---- */

static int by_gain(const void *a, const void *b) {
  const Parent *left = *(Parent *const *)a, *right = *(Parent *const *)b;
  if (left->gain != right->gain) return left->gain < right->gain ? 1 : -1;
  return left->term - right->term;
}

static int by_priority(const void *a, const void *b) {
  const Parent *left = *(Parent *const *)a, *right = *(Parent *const *)b;
  if (left->priority != right->priority) return left->priority < right->priority ? 1 : -1;
  return left->term - right->term;
}

/* The parents are the `fast_k` whose last gain was best; each step that a parent is not looked at counts as a place. */
Candidate best_candidate(Pass *pass) {
  Candidate best = {0, NULL, 0, 0};
  Parent **queue = reserve(pass, pass->parents, sizeof(Parent *));
  if (!queue) return best;
  for (int i = 0; i < pass->parents; i++) queue[i] = &pass->parent[i];
  int count = pass->parents, fast_k = pass->settings->fast_k;
  if (fast_k && count > fast_k) {
    qsort(queue, count, sizeof(Parent *), by_gain);
    for (int i = 0; i < count; i++) {
      queue[i]->priority = queue[i]->looked_at ? 0.5 * (pass->terms - queue[i]->looked_at) - i : DBL_MAX;
    }
    qsort(queue, count, sizeof(Parent *), by_priority);
    count = fast_k;
  }
  for (int i = 0; i < count && !pass->is_short; i++) look_at(pass, queue[i], &best);
  free(queue);
  return best;
}
