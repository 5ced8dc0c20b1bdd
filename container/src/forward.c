/* The forward pass of MARS (Friedman 1991): from the constant on, each step adds the pair of hinge functions
   parent * max(0, x - knot) and parent * max(0, knot - x) that explains most, over all terms so far as parents, all
   columns and all candidate knots.

   What makes it fast: the terms are kept as orthonormal directions. For a parent and a column, the sums of all
   candidates at all knots come from one pass over the parent's rows, sorted into the bins between knots, and cumulative
   sums over these. They are brought up to date only when the parent is looked at, by one more pass for each direction
   that came since; which parents are looked at is Fast MARS's queue (Friedman 1993). The price: memory for three sums
   per parent, column and knot; at most `most_knots` values of a column, at even ranks, are candidates.

   Numbers: x and y are centred and scaled; a direction is orthogonalized twice; a candidate of which less than
   INDEPENDENT is left after that is no candidate. */

#include "forward.h"

#include "columns.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define INDEPENDENT 1e-7 /* of a candidate's sum of squares */
#define FITTED 1e-12     /* of the target's sum of squares: what is left is rounding */
#define BATCH 4          /* directions in one pass over the rows */

/* The candidates of one parent and one column, as far as the directions before `seen` explain them. */
typedef struct {
  int seen;
  double linear_y, linear_square; /* parent * x: times y, and its sum of squares */
  double linear_raw;              /* the sum of squares before any direction */
  double *hinge_y;                /* for each knot: parent * max(0, x - knot), times y */
  double *hinge_square;
  double *hinge_linear; /* times parent * x */
  double *hinge_raw;    /* the sum of squares before any direction; 0 where no knot may be */
} Pair;

typedef struct {
  int term, degree, rows;
  int *row; /* where the parent is not 0 */
  double *value;
  Pair *pairs; /* one for each column; its arrays are NULL if the column is in the parent or constant */
  double gain; /* of its best candidate when last looked at */
  int looked_at;
  double priority;
} Parent;

typedef struct {
  double gain;
  Parent *parent;
  int column, knot; /* knot -1: the column itself */
} Candidate;

typedef struct {
  int rows, columns;
  const Settings *settings;
  Column *column;
  double *y, *direction; /* directions: rows x most_terms */
  double *moment;        /* y times each direction */
  int terms, parents;
  Parent *parent;
  Forward *result;
  double *work; /* rows */
  double *sums; /* bins x 2 * BATCH */
  int is_short; /* memory ran out */
} Pass;

static void *reserve(Pass *pass, size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) pass->is_short = 1;
  return memory;
}

/* ---- Candidates ---- */

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

/* The best candidate of the `fast_k` parents whose last gain was best; each step that a parent is not looked at counts
   as a place. */
static Candidate best_candidate(Pass *pass) {
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

/* ---- Terms ---- */

static void add_parent(Pass *pass, int term, int degree, const double *values) {
  Parent *parent = &pass->parent[pass->parents];
  *parent = (Parent){.term = term, .degree = degree};
  for (int i = 0; i < pass->rows; i++) parent->rows += values[i] != 0;
  parent->row = reserve(pass, parent->rows, sizeof(int));
  parent->value = reserve(pass, parent->rows, sizeof(double));
  parent->pairs = reserve(pass, pass->columns, sizeof(Pair));
  pass->parents++;
  if (pass->is_short) return;
  for (int i = 0, at = 0; i < pass->rows; i++) {
    if (values[i] == 0) continue;
    parent->row[at] = i;
    parent->value[at++] = values[i];
  }
  for (int j = 0; j < pass->columns; j++) {
    int is_used = pass->result->direction[term + (size_t)j * pass->settings->most_terms] != 0;
    if (is_used || pass->column[j].scale == 0) parent->pairs[j].seen = -1;
  }
}

/* Makes the values in `work` a direction, if enough of them is left; returns whether it did. */
static int add_direction(Pass *pass) {
  int rows = pass->rows, terms = pass->terms, most = pass->settings->most_terms;
  double *own = pass->direction + (size_t)terms * rows, *part = pass->result->triangle + (size_t)terms * most;
  double before = 0, after = 0;
  memcpy(own, pass->work, rows * sizeof(double));
  memset(part, 0, most * sizeof(double));
  for (int i = 0; i < rows; i++) before += own[i] * own[i];
  for (int twice = 0; twice < 2; twice++) {
    for (int d = 0; d < terms; d++) {
      const double *other = pass->direction + (size_t)d * rows;
      double along = 0;
      for (int i = 0; i < rows; i++) along += own[i] * other[i];
      for (int i = 0; i < rows; i++) own[i] -= along * other[i];
      part[d] += along;
    }
  }
  for (int i = 0; i < rows; i++) after += own[i] * own[i];
  if (!(after > INDEPENDENT * before)) return 0;
  double length = sqrt(after), moment = 0;
  for (int i = 0; i < rows; i++) own[i] /= length;
  for (int i = 0; i < rows; i++) moment += own[i] * pass->y[i];
  part[terms] = length;
  pass->moment[terms] = moment;
  pass->terms++;
  return 1;
}

/* Adds the term parent * (x - knot) with this direction (see Forward); returns whether it is new. A column itself starts
   at its least value, so that products of indicators are indicators again. */
static int add_term(Pass *pass, const Parent *parent, int column, int knot, int direction) {
  const Column *from = &pass->column[column];
  int most = pass->settings->most_terms, term = pass->terms;
  double given = direction == 2 ? from->least : from->given[knot];
  double at = (given - from->centre) / from->scale;
  memset(pass->work, 0, pass->rows * sizeof(double));
  for (int i = 0; i < parent->rows; i++) {
    int row = parent->row[i];
    double beyond = (from->x[row] - at) * (direction == -1 ? -1 : 1);
    if (beyond > 0) pass->work[row] = parent->value[i] * beyond;
  }
  if (!add_direction(pass)) return 0;
  for (int j = 0; j < pass->columns; j++) {
    pass->result->direction[term + (size_t)j * most] = pass->result->direction[parent->term + (size_t)j * most];
    pass->result->knot[term + (size_t)j * most] = pass->result->knot[parent->term + (size_t)j * most];
  }
  pass->result->direction[term + (size_t)column * most] = direction;
  pass->result->knot[term + (size_t)column * most] = given;
  if (parent->degree + 1 < pass->settings->degree) add_parent(pass, term, parent->degree + 1, pass->work);
  return 1;
}

/* Adds a candidate's terms; one that turns out to depend on the others is struck out. */
static int add_candidate(Pass *pass, const Candidate *best) {
  Pair *pair = &best->parent->pairs[best->column];
  int added;
  if (best->knot < 0) {
    added = add_term(pass, best->parent, best->column, -1, 2);
    if (!added) pair->linear_raw = DBL_MAX;
  } else {
    added = add_term(pass, best->parent, best->column, best->knot, 1);
    if (pass->terms < pass->settings->most_terms) {
      added += add_term(pass, best->parent, best->column, best->knot, -1);
    }
    if (!added) pair->hinge_raw[best->knot] = 0;
  }
  return added;
}

/* ---- The pass ---- */

static int open_pass(Pass *pass, const double *x, const double *y) {
  int rows = pass->rows, most = pass->settings->most_terms;
  pass->column = reserve(pass, pass->columns, sizeof(Column));
  pass->parent = reserve(pass, most, sizeof(Parent));
  pass->y = reserve(pass, rows, sizeof(double));
  pass->work = reserve(pass, rows, sizeof(double));
  pass->moment = pass->result->moment;
  pass->direction = reserve(pass, (size_t)rows * most, sizeof(double));
  pass->sums = reserve(pass, ((size_t)pass->settings->most_knots + 1) * 2 * BATCH, sizeof(double));
  for (int j = 0; j < pass->columns && !pass->is_short; j++) {
    if (!fill_column(&pass->column[j], x + (size_t)j * rows, rows, pass->settings->most_knots, pass->work)) return 0;
  }
  if (pass->is_short) return 0;
  for (int j = 0; j < pass->columns; j++) pass->result->scale[j] = pass->column[j].scale;
  double centre, scale = scale_of(y, rows, &centre);
  double rest = 0; /* of the mean, where a large offset has eaten its digits */
  for (int i = 0; i < rows; i++) {
    pass->y[i] = scale > 0 ? (y[i] - centre) / scale : 0;
    pass->work[i] = 1;
    rest += pass->y[i] / rows;
  }
  for (int i = 0; i < rows; i++) {
    pass->y[i] -= rest;
    pass->result->total += pass->y[i] * pass->y[i];
  }
  pass->result->target_centre = centre + rest * scale;
  pass->result->target_scale = scale;
  add_direction(pass);
  add_parent(pass, 0, 0, pass->work);
  return !pass->is_short;
}

static void close_pass(Pass *pass) {
  for (int j = 0; pass->column && j < pass->columns; j++) free_column(&pass->column[j]);
  for (int p = 0; p < pass->parents; p++) {
    for (int j = 0; pass->parent[p].pairs && j < pass->columns; j++) free(pass->parent[p].pairs[j].hinge_y);
    free(pass->parent[p].pairs);
    free(pass->parent[p].row);
    free(pass->parent[p].value);
  }
  void *others[] = {pass->column, pass->parent, pass->y, pass->work, pass->direction, pass->sums};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) free(others[i]);
}

static Ending grow(Pass *pass, int (*is_stopped)(void)) {
  const Settings *settings = pass->settings;
  double total = pass->result->total, left = total;
  if (total == 0) return REACHED_FIT;
  while (pass->terms < settings->most_terms) {
    if (is_stopped && is_stopped()) return INTERRUPTED;
    if (pass->terms + 2 + settings->penalty * (pass->terms + 1) / 2 >= pass->rows) return REACHED_ROWS;
    Candidate best = best_candidate(pass);
    if (pass->is_short) return NO_MEMORY;
    if (!best.parent || best.gain < settings->thresh * total) return REACHED_THRESH;
    int before = pass->terms;
    if (!add_candidate(pass, &best)) continue; /* struck out: the next best */
    for (int d = before; d < pass->terms; d++) left -= pass->moment[d] * pass->moment[d];
    if (pass->is_short) return NO_MEMORY;
    if (left <= FITTED * total) return REACHED_FIT;
  }
  return REACHED_TERMS;
}

Ending forward_pass(const double *x, const double *y, int rows, int columns, const Settings *settings,
                    int (*is_stopped)(void), Forward *result) {
  Pass pass = {.rows = rows, .columns = columns, .settings = settings, .result = result};
  size_t cells = (size_t)settings->most_terms * columns;
  result->total = 0;
  memset(result->direction, 0, cells * sizeof(int));
  memset(result->knot, 0, cells * sizeof(double));
  Ending ending = open_pass(&pass, x, y) ? grow(&pass, is_stopped) : NO_MEMORY;
  result->terms = pass.terms;
  close_pass(&pass);
  return ending;
}
