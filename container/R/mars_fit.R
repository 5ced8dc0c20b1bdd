# One MARS fit, and what it predicts.

# `x` is a numeric matrix, `y` as long as it has rows. The fit keeps only what predicting needs, not the
# data.
fit_mars <- function(x, y, settings) {
  fit <- mda::mars(x, y, degree = settings$degree, thresh = settings$thresh, prune = settings$prune)
  fit[c("call", "x", "residuals", "fitted.values")] <- NULL
  fit
}

predict_mars <- function(fit, x) {
  drop(stats::predict(fit, x))
}

mean_squared_error <- function(fit, x, y) {
  mean((y - predict_mars(fit, x))^2)
}
