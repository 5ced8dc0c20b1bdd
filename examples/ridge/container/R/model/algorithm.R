# The algorithm: ridge regression in base R. It takes the place of MARS; see container/R/model/algorithm.R.

algorithm_package <- "stats"

algorithm_hyperparameters <- list(
  lambda = function(value) read_number("lambda", value, 1, from = 0, to = 1e6)
)

# Least squares on centred and scaled columns, with `lambda` times their squared coefficients added. Constant
# columns get no coefficient.
fit_model <- function(x, y, settings, rows = seq_along(y), enough_rows = Inf) {
  x <- x[rows, , drop = FALSE]
  y <- y[rows]
  centre <- colMeans(x)
  scale <- apply(x, 2, stats::sd)
  scale[scale == 0] <- Inf
  z <- sweep(sweep(x, 2, centre), 2, scale, "/")
  slopes <- solve(crossprod(z) + diag(settings$lambda + 1e-9, ncol(z)), crossprod(z, y - mean(y)))
  list(intercept = mean(y), slopes = drop(slopes) / scale, centre = centre)
}

predict_model <- function(fit, x) {
  drop(fit$intercept + sweep(x, 2, fit$centre) %*% fit$slopes)
}

describe_model <- function(fit) {
  list(terms = 1L + length(fit$slopes))
}
