# The algorithm: ridge regression in base R, in place of MARS; see container/R/model/algorithm.R.

algorithm_packages <- "stats"

load_algorithm <- function(here) NULL

algorithm_hyperparameters <- list(
  lambda = function(value) read_number("lambda", value, 1, from = 0, to = 1e6)
)

# Least squares on centred and scaled columns, plus `lambda` times the squared coefficients. Constant columns get no
# coefficient.
fit_model <- function(x, y, settings, rows = seq_along(y), enough_rows = Inf) {
  x <- x[rows, , drop = FALSE]
  y <- y[rows]
  centre <- colMeans(x)
  scale <- apply(x, 2, stats::sd)
  scale[scale == 0] <- Inf
  z <- sweep(sweep(x, 2, centre), 2, scale, "/")
  slopes <- solve(crossprod(z) + diag(settings$lambda + 1e-9, ncol(z)), crossprod(z, y - mean(y)))
  slopes <- drop(slopes) / scale
  list(intercept = mean(y) - sum(centre * slopes), slopes = slopes)
}

# The average of linear models is linear too.
average_models <- function(fits) {
  mean_of <- function(name) Reduce(`+`, lapply(fits, `[[`, name)) / length(fits)
  list(intercept = mean_of("intercept"), slopes = mean_of("slopes"))
}

predict_model <- function(fit, x) {
  drop(fit$intercept + x %*% fit$slopes)
}

notes_on_model <- function(fit) NULL

describe_model <- function(fit) {
  list(terms = 1L + length(fit$slopes))
}
