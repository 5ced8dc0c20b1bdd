/* What the forward pass chooses from, and its state while it runs. See forward.c. */

#ifndef CANDIDATES_H
#define CANDIDATES_H

#include "columns.h"
#include "forward.h"
#include <stddef.h>

#define INDEPENDENT 1e-7 /* of a candidate's sum of squares: of less, nothing is left after the directions so far */
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

/* Zeros, to be freed; NULL if there is no memory, which the pass then knows. */
void *reserve(Pass *pass, size_t count, size_t size);

/* The candidate that explains most, of the parents that are looked at; its parent is NULL if there is none. Memory may
   run out: see `is_short`. */
Candidate best_candidate(Pass *pass);

#endif
