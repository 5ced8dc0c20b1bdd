# Figures beside the objective: how large the errors are, how sure that is, and what much simpler models reach.

# `errors` are signed and belong to rows with these targets and keys; `mean_errors` and `linear_errors` (which may be
# NULL) are those of the mean and of least squares on the same folds.
measure <- function(errors, y, keys, mean_errors, linear_errors) {
  mse <- mean(errors^2)
  c(
    list(
      mse = mse, rmse = sqrt(mse), mae = mean(abs(errors)), mse_se = standard_error(errors^2, keys),
      r2 = 1 - mse / mean((y - mean(y))^2), baseline_mse = mean(mean_errors^2)
    ),
    if (!is.null(linear_errors)) list(linear_mse = mean(linear_errors^2))
  )
}

# Of the mean of `values`, given the folds: rows with one key count once, because they are not independent.
standard_error <- function(values, keys) {
  if (anyDuplicated(keys)) {
    sums <- rowsum(cbind(values, 1), keys)
    values <- sums[, 1] / sums[, 2]
  }
  if (length(values) < 2) NA else stats::sd(values) / sqrt(length(values))
}

# Sentences for the log where the model does not earn its keep.
compare_with_simple <- function(measured) {
  c(
    if (measured$mse >= measured$baseline_mse) "the model predicts no better than the target's mean",
    if (!is.null(measured$linear_mse) && measured$mse >= measured$linear_mse) {
      "the model predicts no better than a straight line in each column (least squares)"
    }
  )
}

# Least squares takes rows x columns^2; with more columns than this it is not computed.
linear_columns <- 500

# Errors of least squares, fitted to the rows `seen`, on `rows` of x and y; NULL with too many columns.
linear_errors <- function(x, y, seen, rows) {
  if (ncol(x) > linear_columns) {
    return(NULL)
  }
  scale <- vapply(seq_len(ncol(x)), function(column) max(abs(range(x[, column])), .Machine$double.xmin), 0)
  centre <- colMeans(x) / scale
  columns <- function(block) {
    each <- length(block)
    cbind(1, x[block, , drop = FALSE] / rep(scale, each = each) - rep(centre, each = each))
  }
  coefficients <- least_squares(columns, y, seen)
  errors <- by_blocks(rows, function(block) y[block] - drop(columns(block) %*% coefficients))
  unlist(errors, use.names = FALSE)
}
