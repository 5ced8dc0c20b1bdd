/* What term_matrix in R/model/hinges.R does, in one pass. */

#include "terms.h"

#include <stddef.h>

/* `values` and `x` are columns of `rows` numbers. What is not a number stays so. */
static void multiply_by_hinge(double *values, const double *x, int rows, double knot, double sign) {
  for (int row = 0; row < rows; row++) {
    double beyond = (x[row] - knot) * sign;
    values[row] *= 0 > beyond ? 0 : beyond;
  }
}

static void multiply_by_straight(double *values, const double *x, int rows, double knot, double sign) {
  for (int row = 0; row < rows; row++) values[row] *= (x[row] - knot) * sign;
}

static int is_within(const Level *level, int terms, int columns) {
  for (int i = 0; i < level->count; i++) {
    if (level->term[i] < 1 || level->term[i] > terms || level->column[i] < 1 || level->column[i] > columns) return 0;
  }
  return 1;
}

int multiply_by_level(double *values, int terms, const double *x, int rows, int columns, const Level *level) {
  if (!is_within(level, terms, columns)) return 0;
  for (int i = 0; i < level->count; i++) {
    double *own = values + (size_t)(level->term[i] - 1) * rows;
    const double *column = x + (size_t)(level->column[i] - 1) * rows;
    (level->is_straight[i] ? multiply_by_straight : multiply_by_hinge)(
        own, column, rows, level->knot[i], level->sign[i]);
  }
  return 1;
}
