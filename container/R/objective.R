# The objective: the mean squared error on rows that the fit has not seen.

# The fold of each row. It depends on nothing but these three numbers, so every training job of a search is
# measured on the same folds.
assign_folds <- function(rows, folds, seed) {
  seed_generator(seed)
  sample(rep_len(seq_len(folds), rows))
}

# The same random numbers whatever the generator's state and kind were before, and on every version of R.
seed_generator <- function(seed) {
  set.seed(seed %% 2147483647, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
}

# On large data the fits of the folds are estimated on so many rows, not on all: the error that this adds to
# the objective is far below its own standard error. The model itself is estimated on all rows.
fold_estimation_rows <- 200000

# Squared errors of the rows of fold `k`, each predicted by the fit on the other folds. `x_for(rows)` is the
# numeric matrix of all rows, encoded with what these rows alone tell.
errors_of_fold <- function(k, fold, x_for, y, settings) {
  seen <- which(fold != k)
  x <- x_for(seen)
  squared_errors(fit_mars(x, y, settings, seen, fold_estimation_rows), x, y, which(fold == k))
}

check_objective <- function(mse) {
  if (!is.finite(mse)) {
    refuse("the mean squared error is ", mse, ", not a finite number: the target's values may be too large")
  }
  mse
}
