x <- as.matrix(datasets::iris[, 2:4])
y <- datasets::iris[, 1]
settings <- with_settings(engine = "mda", degree = 2, thresh = 0.002, prune = FALSE)

test_that("few rows are dealt to folds as equal as possible, and equal rows together", {
  keys <- row_keys(list(a = c(1:23, 1:23)))
  fold <- assign_folds(keys, 5)
  expect_equal(sort(as.vector(table(fold[1:23]))), c(4, 4, 5, 5, 5))
  expect_identical(fold[1:23], fold[24:46])
})

test_that("a row's fold depends on its content alone", {
  for (rows in c(60, 3000)) {
    keys <- row_keys(list(a = seq_len(rows), b = rep_len(c("u", "v", "w"), rows)))
    order <- rev(seq_len(rows))
    expect_identical(assign_folds(keys[order], 5), assign_folds(keys, 5)[order])
  }
  many <- row_keys(list(a = 1:3000))
  expect_identical(assign_folds(many[1:1000], 5), assign_folds(many, 5)[1:1000]) # more rows move none
})

test_that("many rows are spread evenly, also in regular steps", {
  for (values in list(1:5000, seq(0, 1, length.out = 5000), rep(1:100, 50) * 5 + rep(1:50, each = 100) / 50)) {
    share <- as.vector(table(assign_folds(row_keys(list(a = values)), 5))) / 5000
    expect_true(all(abs(share - 0.2) < 0.03)) # five standard deviations
  }
})

test_that("a fold without rows is refused", {
  keys <- row_keys(list(a = 1:3000))
  expect_refused(
    assign_folds(keys[assign_folds(keys, 2) == 1], 2), "fold 2 of 2 has no rows: set another number of `folds`"
  )
})

test_that("each row's error is that of a fit without its fold", {
  fold <- rep_len(1:5, 150)
  for (k in 1:5) {
    fit <- mda::mars(x[fold != k, ], y[fold != k], degree = 2, thresh = 0.002, prune = FALSE)
    expected <- y[fold == k] - drop(stats::predict(fit, x[fold == k, ]))
    fitted <- fit_fold(k, fold, function(rows) x, y, settings)
    expect_equal(fitted$errors, expected, tolerance = 1e-10)
    expect_equal(fitted$rows, which(fold == k))
  }
})

test_that("the mean and the line are fitted to the same rows", {
  fold <- rep_len(1:3, 150)
  fitted <- fit_fold(2, fold, function(rows) x, y, settings)
  line <- stats::lm(y ~ x, subset = fold != 2)
  expected <- y[fold == 2] - drop(cbind(1, x[fold == 2, ]) %*% stats::coef(line))
  expect_equal(fitted$linear_errors, expected, tolerance = 1e-9)
  expect_equal(fitted$mean_errors, y[fold == 2] - mean(y[fold != 2]))
})

test_that("the encoder is told which rows the fit may see", {
  seen <- NULL
  fit_fold(2, rep(1:3, 10), function(rows) {
    seen <<- rows
    x[1:30, ]
  }, y[1:30], defaults)
  expect_equal(seen, which(rep(1:3, 10) != 2))
})

test_that("an objective that is not finite is refused", {
  expect_equal(check_objective(0.5), 0.5)
  for (mse in c(Inf, NaN, NA)) expect_refused(check_objective(mse), "not a finite number")
})
