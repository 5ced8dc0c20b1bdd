test_that("a straight line is predicted exactly", {
  x <- cbind(x = seq(0, 10, by = 0.1))
  fit <- fit_mars(x, 3 - 2 * x[, 1], defaults)
  expect_equal(predict_mars(fit, cbind(x = c(0.05, 4, 10))), c(2.9, -5, -17), tolerance = 1e-9)
})

test_that("a bend is found, as near as the spacing of the knots allows", {
  x <- cbind(x = seq(0, 10, by = 0.1))
  fit <- fit_mars(x, 3 + 2 * pmax(x[, 1] - 4, 0), defaults)
  expect_lt(max(abs(predict_mars(fit, cbind(x = c(1, 4, 7.5))) - c(3, 3, 10))), 0.1)
})

test_that("the fit is mda's own, without the data", {
  x <- as.matrix(datasets::iris[, 2:4])
  y <- datasets::iris[, 1]
  fit <- fit_mars(x, y, list(degree = 2, thresh = 0.005, prune = FALSE))
  whole <- mda::mars(x, y, degree = 2, thresh = 0.005, prune = FALSE)
  expect_equal(predict_mars(fit, x), drop(stats::predict(whole, x)))
  expect_equal(mean_squared_error(fit, x, y), mean(whole$residuals^2))
  expect_null(fit$x)
  expect_lt(length(serialize(fit, NULL)), 10000)
})
