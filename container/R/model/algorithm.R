# The algorithm: MARS, from the package mda. Only this file and hinges.R, which makes it fast, know about it. To use
# another algorithm, replace these five: `algorithm_package`, `algorithm_hyperparameters`, `fit_model`,
# `predict_model` and `describe_model`. Everything else (files, checks, folds, the objective, serving) stays the same.

algorithm_package <- "mda"

# A parser for each hyperparameter besides target, folds, seed and missing; each refuses invalid values.
algorithm_hyperparameters <- list(
  degree = function(value) read_whole("degree", value, 1, from = 1, to = 10),
  thresh = function(value) read_fraction("thresh", value, 0.001),
  prune = function(value) read_flag("prune", value, TRUE),
  nk = function(value) read_whole("nk", value, NULL, from = 3, to = 1001),
  penalty = function(value) read_number("penalty", value, NULL, from = 0, to = 100),
  max_search_rows = function(value) read_whole("max_search_rows", value, NULL, from = 100, to = 1e9)
)

# Fits the model to `rows` of the numeric matrix `x` and of `y`. The fit holds only what predictions need, not the
# data. With many rows, the knots are searched on a sample of them, because that costs rows x columns x terms^2; the
# coefficients are cheap, and are then estimated on all rows, or on a sample of `enough_rows` if that is fewer.
fit_model <- function(x, y, settings, rows = seq_along(y), enough_rows = Inf) {
  searched <- sample_rows(rows, search_rows(ncol(x), settings), settings$seed)
  whole <- length(searched) == length(y)
  settings$nk <- most_terms(length(y), settings)
  fit <- search_terms(if (whole) x else x[searched, , drop = FALSE], if (whole) y else y[searched], settings)
  fit[c("call", "x", "residuals", "fitted.values")] <- NULL
  fit$hinges <- as_hinges(fit)
  fit$searched_rows <- length(searched)
  if (length(searched) < length(rows)) {
    fit$coefficients <- estimate(fit$hinges, x, y, sample_rows(rows, enough_rows, settings$seed))
  }
  fit
}

predict_model <- function(fit, x) {
  drop(term_matrix(fit$hinges, x) %*% fit$coefficients)
}

# Numbers for metrics.json and the log, where SageMaker reads those that METRICS in chalicelib/algorithm.py names.
describe_model <- function(fit) {
  list(
    gcv = drop(fit$gcv), terms = nrow(fit$coefficients), nk = fit$nk, searched_rows = fit$searched_rows
  )
}

search_terms <- function(x, y, settings) {
  arguments <- list(
    x = x, y = y, degree = settings$degree, nk = settings$nk, thresh = settings$thresh, prune = settings$prune
  )
  do.call(mda::mars, c(arguments, list(penalty = settings$penalty)[!is.null(settings$penalty)]), quote = TRUE)
}

# The maximum number of terms before pruning: `nk` if given, else 31, and as few as 21 on few rows, where more terms
# would only fit noise. It depends on the number of all rows, so that it is the same for the folds and the final model.
most_terms <- function(rows, settings) {
  if (is.null(settings$nk)) max(21, min(31, rows %/% 10)) else settings$nk
}

# The number of rows on which knots are searched: `max_search_rows` if given, else 10,000, or fewer with many columns.
search_rows <- function(columns, settings) {
  if (is.null(settings$max_search_rows)) max(1000, min(10000, 300000 %/% columns)) else settings$max_search_rows
}

# Least squares, summed over blocks of rows. Terms are scaled; one that depends linearly on others gets 0.
estimate <- function(hinges, x, y, rows) {
  sums <- by_blocks(rows, function(block) {
    values <- term_matrix(hinges, x[block, , drop = FALSE])
    crossprod(values, cbind(values, y[block], deparse.level = 0))
  })
  gram <- Reduce(`+`, sums)
  moment <- gram[, ncol(gram)]
  gram <- gram[, -ncol(gram), drop = FALSE]
  scale <- sqrt(pmax(diag(gram), .Machine$double.xmin))
  solved <- qr.coef(qr(gram / outer(scale, scale), tol = 1e-10), moment / scale) / scale
  solved[is.na(solved)] <- 0
  matrix(solved, ncol = 1)
}
