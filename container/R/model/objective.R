# The objective: the mean squared error on held-out rows.

# Below this many different rows, folds are made as equal as possible.
few_keys <- 500

# Assigns each row to a fold by its key alone (see row_keys), so that equal rows are in one fold and the order of rows
# does not matter. With few keys, they are dealt out in the order of a hash of theirs.
assign_folds <- function(keys, folds) {
  distinct <- unique(keys)
  if (length(distinct) >= few_keys) {
    fold <- mixed(keys) %% folds + 1
    empty <- which(tabulate(fold, folds) == 0)
    if (length(empty) > 0) refuse("fold ", empty[1], " of ", folds, " has no rows: set another number of `folds`")
    return(fold)
  }
  dealt <- rep_len(seq_len(folds), length(distinct))
  distinct <- distinct[order(mixed(distinct), distinct)]
  dealt[match(keys, distinct)]
}

# Assigns each row to a block by its time: the distinct times are cut into `folds` + 1 blocks with about as many rows
# each. The first is block 0, which is only learnt from; equal times are never in two blocks.
assign_blocks <- function(times, folds) {
  distinct <- sort(unique(times), method = "radix") # text in the C locale, whatever the machine's
  at <- match(times, distinct)
  ends <- cumsum(tabulate(at, length(distinct)))
  cuts <- 0
  for (cut in seq_len(folds)) {
    possible <- seq.int(cuts[cut] + 1, length(distinct) - (folds + 1 - cut))
    cuts[cut + 1] <- possible[which.min(abs(ends[possible] - length(times) * cut / (folds + 1)))]
  }
  findInterval(at, cuts + 1) - 1
}

# The halves of a key are linear in the values: without this, rows in even steps would take turns.
mixed <- function(keys) {
  high <- keys %/% 2^26
  (high * high + keys %% 2^26) %% hash_primes[1]
}

# On large data, the coefficients of each fold's fit are estimated on this many rows, not on all: the error that this
# adds to the objective is far below the objective's standard error. The final model is estimated on all rows.
fold_estimation_rows <- 100000

# A fit to the rows outside fold `k`, in order of time to those before it, and its errors on the rows inside, with those
# of the mean and of least squares.
# `x_for(rows)` returns the numeric matrix of all rows, encoded using only what is known from `rows`.
fit_fold <- function(k, fold, x_for, y, settings) {
  seen <- which(if (is.null(settings$folds_in_order_of)) fold != k else fold < k)
  rows <- which(fold == k)
  x <- x_for(seen)
  fit <- fit_model(x, y, settings, seen, fold_estimation_rows)
  list(
    fit = fit, rows = rows, errors = errors_of(fit, x, y, rows), mean_errors = y[rows] - mean(y[seen]),
    linear_errors = linear_errors(x, y, sample_rows(seen, fold_estimation_rows, settings$seed), rows)
  )
}

check_objective <- function(mse) {
  if (!is.finite(mse)) {
    refuse("the mean squared error is ", mse, ", not a finite number: the target's values may be too large")
  }
  mse
}

# Errors of the fit on some rows, whether it was fitted to them or not.
errors_of <- function(fit, x, y, rows = seq_along(y)) {
  errors <- by_blocks(rows, function(block) y[block] - predict_model(fit, x[block, , drop = FALSE]))
  unlist(errors, use.names = FALSE)
}
