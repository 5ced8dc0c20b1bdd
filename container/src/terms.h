/* The values of a model's terms. See terms.c. */

#ifndef TERMS_H
#define TERMS_H

/* One factor of each of `count` terms. Terms and columns are counted from 1; a straight factor is not cut off at 0. */
typedef struct {
  int count;
  const int *term, *column;
  const double *sign, *knot;
  const int *is_straight;
} Level;

/* Multiplies `values` (rows x terms) by the level's factors of `x` (rows x columns; both by column). Returns 0, and does
   nothing, if a factor is out of bounds. */
int multiply_by_level(double *values, int terms, const double *x, int rows, int columns, const Level *level);

#endif
