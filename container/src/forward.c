/* The forward pass of MARS (Friedman 1991): from the constant on, each step adds the pair of hinge functions
   parent * max(0, x - knot) and parent * max(0, knot - x) that explains most, over all terms so far as parents, all
   columns and all candidate knots.

   What makes it fast: the terms are kept as orthonormal directions. For a parent and a column, the sums of all
   candidates at all knots come from one pass over the parent's rows, sorted into the bins between knots, and cumulative
   sums over these. They are brought up to date only when the parent is looked at, by one more pass for each direction
   that came since; which parents are looked at is Fast MARS's queue (Friedman 1993). All this is in candidates.c. The
   price: memory for three sums per parent, column and knot; at most `most_knots` values of a column, at even ranks, are
   candidates.

   Numbers: x and y are centred and scaled; a direction is orthogonalized twice; a candidate of which less than
   INDEPENDENT is left after that is no candidate. */

#include "candidates.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FITTED 1e-12 /* of the target's sum of squares: what is left is rounding */

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
