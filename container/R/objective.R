# The objective: the mean squared error on rows that the fit has not seen.

# The fold of each row. It depends on nothing but these three numbers, so every training job of a search is
# measured on the same folds.
assign_folds <- function(rows, folds, seed) {
  kinds <- list(kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
  do.call(set.seed, c(seed %% 2147483647, kinds))
  sample(rep_len(seq_len(folds), rows))
}

# Squared errors of all rows, each predicted by the fit on the other folds. `report(fold, mean squared
# error)` is called as each fold ends.
cross_validate <- function(x, y, fold, settings, report) {
  squared <- numeric(length(y))
  for (k in sort(unique(fold))) {
    held_out <- fold == k
    fit <- fit_mars(x[!held_out, , drop = FALSE], y[!held_out], settings)
    squared[held_out] <- (y[held_out] - predict_mars(fit, x[held_out, , drop = FALSE]))^2
    report(k, mean(squared[held_out]))
  }
  squared
}

check_objective <- function(mse) {
  if (!is.finite(mse)) {
    refuse("the mean squared error is ", mse, ", not a finite number: the target's values may be too large")
  }
  mse
}
