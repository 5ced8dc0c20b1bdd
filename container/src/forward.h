/* The forward pass of MARS on a numeric matrix. See forward.c. */

#ifndef FORWARD_H
#define FORWARD_H

typedef struct {
  int degree;     /* columns in one term, at most */
  int most_terms; /* the constant included */
  double thresh;  /* the least share of the target's sum of squares that a step must explain */
  double penalty; /* per knot; the pass ends where generalized cross-validation has no rows left */
  int min_span;   /* rows between two knots; 0: Friedman's rule */
  int end_span;   /* rows beyond the outermost knots; 0: Friedman's rule */
  int fast_k;     /* parents that are looked at in a step; 0: all */
  int most_knots; /* candidate knots per column, at least 2 */
} Settings;

typedef enum {
  REACHED_TERMS,  /* most_terms: more of them might fit better */
  REACHED_THRESH, /* no candidate explains enough */
  REACHED_FIT,    /* nothing is left to explain */
  REACHED_ROWS,   /* too few rows for another term */
  INTERRUPTED,
  NO_MEMORY
} Ending;

/* What the caller provides: `direction` and `knot` have most_terms rows and `columns` columns, by column; `triangle` is
   most_terms x most_terms, by column; `moment` has most_terms elements. */
typedef struct {
  int terms;
  int *direction;   /* of a column in a term: 0 absent, 1 max(0, x - knot), -1 max(0, knot - x), 2 x - knot */
  double *knot;
  double *triangle; /* the terms' matrix is Q R: this is R ... */
  double *moment;   /* ... and this Q'y */
  double total;     /* the target's sum of squares */
  double *scale;    /* what each column was divided by, of `columns` elements; 0 if it is constant ... */
  double target_centre, target_scale; /* ... and what the target was reduced and divided by */
} Forward;

/* Runs the pass on x (rows x columns, by column; finite) and y. `is_stopped` is asked before each step; it may be NULL. */
Ending forward_pass(const double *x, const double *y, int rows, int columns, const Settings *settings,
                    int (*is_stopped)(void), Forward *result);

#endif
