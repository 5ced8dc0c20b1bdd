test_that("the figures are those of their definitions", {
  y <- c(1, 2, 3, 6)
  errors <- c(1, -1, 2, 0)
  found <- measure(errors, y, 1:4, y - 2, c(3, 0, 0, 1))
  expect_equal(found$mse, mean(c(1, 1, 4, 0)))
  expect_equal(found$rmse, sqrt(1.5))
  expect_equal(found$mae, mean(c(1, 1, 2, 0)))
  expect_equal(found$r2, 1 - 6 / 14) # y's squares around 3: 4 + 1 + 0 + 9
  expect_equal(found$baseline_mse, mean(c(1, 0, 1, 16)))
  expect_equal(found$linear_mse, 2.5)
  expect_equal(found$mse_se, stats::sd(c(1, 1, 4, 0)) / 2)
})

test_that("rows with one key count once in the standard error", {
  expect_equal(standard_error(c(1, 3, 5, 6), c(7, 7, 8, 9)), stats::sd(c(2, 5, 6)) / sqrt(3))
})

test_that("a model that the mean or the line matches is called so", {
  expect_length(compare_with_simple(list(mse = 1, baseline_mse = 2, linear_mse = 3)), 0)
  expect_match(compare_with_simple(list(mse = 2, baseline_mse = 2)), "no better than the target's mean")
  expect_match(compare_with_simple(list(mse = 1, baseline_mse = 2, linear_mse = 1)), "least squares")
})

test_that("the errors of least squares do not depend on a column's unit, however large or small", {
  x <- as.matrix(datasets::mtcars[, 2:5])
  y <- datasets::mtcars[, 1]
  expected <- y[21:32] - drop(cbind(1, x[21:32, ]) %*% stats::lm.fit(cbind(1, x[1:20, ]), y[1:20])$coefficients)
  scaled <- x * rep(c(1e-306, 1e-200, 1e200, 1e305), each = 32)
  expect_equal(linear_errors(scaled, y, 1:20, 21:32), unname(expected), tolerance = 1e-9)
})
