x <- as.matrix(datasets::iris[, 2:4])
y <- datasets::iris[, 1]

test_that("folds are as equal as possible, and depend on rows, folds and seed only", {
  fold <- assign_folds(23, 5, 7)
  expect_equal(sort(as.vector(table(fold))), c(4, 4, 5, 5, 5))
  RNGkind("Wichmann-Hill")
  stats::runif(3)
  expect_identical(assign_folds(23, 5, 7), fold)
  RNGkind("default")
  expect_false(identical(assign_folds(23, 5, 8), fold))
})

test_that("every seed that SageMaker accepts makes folds", {
  for (seed in c(0, 2147483647, 2147483648, 4294967295)) expect_length(assign_folds(10, 2, seed), 10)
})

test_that("each row's error is that of a fit without its fold", {
  settings <- with_settings(degree = 2, thresh = 0.002, prune = FALSE)
  fold <- assign_folds(150, 5, 1)
  for (k in 1:5) {
    fit <- mda::mars(x[fold != k, ], y[fold != k], degree = 2, thresh = 0.002, prune = FALSE)
    expected <- (y[fold == k] - drop(stats::predict(fit, x[fold == k, ])))^2
    expect_equal(errors_of_fold(k, fold, function(rows) x, y, settings), expected, tolerance = 1e-13)
  }
})

test_that("with one row per fold, each error is that of a fit without the row", {
  for (i in 1:12) {
    fit <- mda::mars(x[(1:12)[-i], ], y[(1:12)[-i]])
    expected <- (y[i] - drop(stats::predict(fit, x[i, , drop = FALSE])))^2
    left_out <- errors_of_fold(i, 1:12, function(rows) x[1:12, ], y[1:12], defaults)
    expect_equal(left_out, expected, tolerance = 1e-13)
  }
})

test_that("the encoder is told which rows the fit may see", {
  seen <- NULL
  errors_of_fold(2, rep(1:3, 4), function(rows) {
    seen <<- rows
    x[1:12, ]
  }, y[1:12], defaults)
  expect_equal(seen, which(rep(1:3, 4) != 2))
})

test_that("an objective that is not finite is refused", {
  expect_equal(check_objective(0.5), 0.5)
  for (mse in c(Inf, NaN, NA)) expect_refused(check_objective(mse), "not a finite number")
})
