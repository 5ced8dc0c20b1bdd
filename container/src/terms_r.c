/* The values of a model's terms for R's .Call. */

#include <R.h>
#include <Rinternals.h>

#include "terms.h"

/* `x`: a matrix of doubles. Each of `levels`: terms, columns, signs, knots, and which factors are straight; equally many
   of each, integers, integers, doubles, doubles and logicals. */
SEXP mars_terms(SEXP x, SEXP terms, SEXP levels) {
  if (!isReal(x) || !isMatrix(x)) error("x must be a matrix of doubles");
  int count = asInteger(terms);
  SEXP values = PROTECT(allocMatrix(REALSXP, nrows(x), count));
  double *found = REAL(values);
  for (R_xlen_t i = 0; i < XLENGTH(values); i++) found[i] = 1;
  for (int i = 0; i < length(levels); i++) {
    SEXP given = VECTOR_ELT(levels, i);
    Level level = {length(VECTOR_ELT(given, 0)), INTEGER(VECTOR_ELT(given, 0)), INTEGER(VECTOR_ELT(given, 1)),
                   REAL(VECTOR_ELT(given, 2)), REAL(VECTOR_ELT(given, 3)), LOGICAL(VECTOR_ELT(given, 4))};
    if (!multiply_by_level(found, count, REAL(x), nrows(x), ncols(x), &level)) error("a factor is out of bounds");
  }
  UNPROTECT(1);
  return values;
}
