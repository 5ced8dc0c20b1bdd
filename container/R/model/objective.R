# The objective: the mean squared error on held-out rows.

# Assigns each row to a fold. The folds depend only on these three numbers, so they are the same for every training
# job of a tuning job.
assign_folds <- function(rows, folds, seed) {
  seed_generator(seed)
  sample(rep_len(seq_len(folds), rows))
}

# On large data, the coefficients of each fold's fit are estimated on this many rows, not on all: the error that this
# adds to the objective is far below the objective's standard error. The final model is estimated on all rows.
fold_estimation_rows <- 100000

# Squared errors on the rows of fold `k`, predicted by a fit to the other folds. `x_for(rows)` returns the numeric
# matrix of all rows, encoded using only what is known from `rows`.
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

# Squared errors of the fit on some rows, whether it was fitted to them or not.
squared_errors <- function(fit, x, y, rows = seq_along(y)) {
  errors <- by_blocks(rows, function(block) (y[block] - predict_model(fit, x[block, , drop = FALSE]))^2)
  unlist(errors, use.names = FALSE)
}
