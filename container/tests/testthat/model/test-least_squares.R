x <- as.matrix(datasets::mtcars[, -1])
y <- datasets::mtcars[, 1]

test_that("the coefficients are those of lm on these rows", {
  expected <- unname(stats::coef(stats::lm(y ~ x, subset = 1:25)))
  found <- least_squares(function(block) cbind(1, x[block, ]), y, 1:25)
  expect_equal(found, expected, tolerance = 1e-6)
})

test_that("a column that depends on others gets 0, and predictions stay right", {
  columns <- function(block) cbind(1, x[block, 1:3], 2 * x[block, 1])
  found <- least_squares(columns, y, seq_along(y))
  expect_true(any(found == 0))
  expected <- stats::fitted(stats::lm(y ~ x[, 1:3]))
  expect_equal(unname(drop(columns(seq_along(y)) %*% found)), unname(expected), tolerance = 1e-8)
})

test_that("columns whose squares are beyond a double are refused", {
  expect_refused(least_squares(function(block) x[block, ] * 1e200, y, 1:25), "too large for least squares")
})
