# The objective: the mean squared error on rows that the fit has not seen.

# The fold of each row. It depends on nothing but these three numbers, so every training job of a search is
# measured on the same folds.
assign_folds <- function(rows, folds, seed) {
  seed_generator(seed)
  sample(rep_len(seq_len(folds), rows))
}

# On large data the fits of the folds are estimated on so many rows, not on all: the error that this adds to
# the objective is far below its own standard error. The model itself is estimated on all rows.
fold_estimation_rows <- 100000

# Squared errors of the rows of fold `k`, each predicted by the fit on the other folds. `x_for(rows)` is the
# numeric matrix of all rows, encoded with what these rows alone tell.
errors_of_fold <- function(k, fold, x_for, y, settings) {
  seen <- which(fold != k)
  x <- x_for(seen)
  squared_errors(fit_model(x, y, settings, seen, fold_estimation_rows), x, y, which(fold == k))
}

check_objective <- function(mse) {
  if (!is.finite(mse)) {
    refuse("the mean squared error is ", mse, ", not a finite number: the target's values may be too large")
  }
  mse
}

# Squared errors of some rows, each of which the fit may or may not have seen.
squared_errors <- function(fit, x, y, rows = seq_along(y)) {
  errors <- by_blocks(rows, function(block) (y[block] - predict_model(fit, x[block, , drop = FALSE]))^2)
  unlist(errors, use.names = FALSE)
}
