/* The forward pass for R's .Call. */

#include <R.h>
#include <R_ext/Rdynload.h>
#include <R_ext/Utils.h>
#include <Rinternals.h>

#include "forward.h"

static const char *const ENDINGS[] = {"terms", "thresh", "fit", "rows", "interrupted", "memory"};

static void check_interrupt(void *unused) {
  (void)unused;
  R_CheckUserInterrupt();
}

/* R would leave by a long jump, and the pass would lose its memory. */
static int is_stopped(void) {
  return R_ToplevelExec(check_interrupt, NULL) == FALSE;
}

static int whole(SEXP list, int at) {
  return asInteger(VECTOR_ELT(list, at));
}

static SEXP named(const char *const *names, SEXP *values, int count) {
  SEXP list = PROTECT(allocVector(VECSXP, count)), words = PROTECT(allocVector(STRSXP, count));
  for (int i = 0; i < count; i++) {
    SET_VECTOR_ELT(list, i, values[i]);
    SET_STRING_ELT(words, i, mkChar(names[i]));
  }
  setAttrib(list, R_NamesSymbol, words);
  UNPROTECT(2);
  return list;
}

/* `x`: a matrix of doubles; `y`: as many doubles as it has rows; both finite. `given`: degree, most_terms, thresh,
   penalty, min_span, end_span, fast_k, most_knots. */
SEXP mars_forward(SEXP x, SEXP y, SEXP given) {
  Settings settings = {whole(given, 0), whole(given, 1), asReal(VECTOR_ELT(given, 2)), asReal(VECTOR_ELT(given, 3)),
                       whole(given, 4), whole(given, 5), whole(given, 6), whole(given, 7)};
  int rows = nrows(x), columns = ncols(x), most = settings.most_terms;
  if (!isReal(x) || !isReal(y) || length(y) != rows) error("x and y must be doubles with equally many rows");
  if (settings.most_knots < 2 || settings.most_knots > 255) error("most_knots must be from 2 to 255");
  SEXP direction = PROTECT(allocMatrix(INTSXP, most, columns)), knot = PROTECT(allocMatrix(REALSXP, most, columns));
  SEXP scale = PROTECT(allocVector(REALSXP, columns));
  SEXP triangle = PROTECT(allocMatrix(REALSXP, most, most)), moment = PROTECT(allocVector(REALSXP, most));
  Forward result = {0, INTEGER(direction), REAL(knot), REAL(triangle), REAL(moment), 0, REAL(scale), 0, 0};
  Ending ending = forward_pass(REAL(x), REAL(y), rows, columns, &settings, is_stopped, &result);
  if (ending == INTERRUPTED) error("interrupted");
  if (ending == NO_MEMORY) error("out of memory");
  const char *const names[] = {"terms", "direction", "knot", "triangle", "moment", "total", "scale", "target_centre", "target_scale", "ending"};
  SEXP values[] = {PROTECT(ScalarInteger(result.terms)), direction, knot, triangle, moment,
                   PROTECT(ScalarReal(result.total)), scale, PROTECT(ScalarReal(result.target_centre)),
                   PROTECT(ScalarReal(result.target_scale)), PROTECT(mkString(ENDINGS[ending]))};
  SEXP list = named(names, values, 10);
  UNPROTECT(10);
  return list;
}

SEXP mars_terms(SEXP x, SEXP terms, SEXP levels); /* terms_r.c */

static const R_CallMethodDef CALLS[] = {
    {"mars_forward", (DL_FUNC)&mars_forward, 3}, {"mars_terms", (DL_FUNC)&mars_terms, 3}, {NULL, NULL, 0}};

void R_init_mars(DllInfo *dll) {
  R_registerRoutines(dll, NULL, CALLS, NULL, NULL);
  R_useDynamicSymbols(dll, FALSE);
}
