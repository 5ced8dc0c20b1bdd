/* The values of a model's terms for R's .Call: what term_matrix in R/model/hinges.R does, in one pass. */

#include <R.h>
#include <Rinternals.h>

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

/* `x`: a matrix of doubles. `level`: the terms, columns (from 1), signs, knots of factors, and which are straight. */
static void multiply_by_level(double *values, int terms, SEXP x, SEXP level) {
  const int *term = INTEGER(VECTOR_ELT(level, 0)), *column = INTEGER(VECTOR_ELT(level, 1));
  const double *sign = REAL(VECTOR_ELT(level, 2)), *knot = REAL(VECTOR_ELT(level, 3));
  const int *is_straight = LOGICAL(VECTOR_ELT(level, 4));
  R_xlen_t rows = nrows(x);
  for (int i = 0; i < length(VECTOR_ELT(level, 0)); i++) {
    if (term[i] < 1 || term[i] > terms || column[i] < 1 || column[i] > ncols(x)) error("a factor is out of bounds");
    (is_straight[i] ? multiply_by_straight : multiply_by_hinge)(
        values + (term[i] - 1) * rows, REAL(x) + (column[i] - 1) * rows, (int)rows, knot[i], sign[i]);
  }
}

SEXP mars_terms(SEXP x, SEXP terms, SEXP levels) {
  if (!isReal(x) || !isMatrix(x)) error("x must be a matrix of doubles");
  int count = asInteger(terms);
  SEXP values = PROTECT(allocMatrix(REALSXP, nrows(x), count));
  double *found = REAL(values);
  for (R_xlen_t i = 0; i < (R_xlen_t)nrows(x) * count; i++) found[i] = 1;
  for (int i = 0; i < length(levels); i++) multiply_by_level(found, count, x, VECTOR_ELT(levels, i));
  UNPROTECT(1);
  return values;
}
