test_that("a straight line is predicted exactly", {
  x <- cbind(x = seq(0, 10, by = 0.1))
  fit <- fit_model(x, 3 - 2 * x[, 1], defaults)
  expect_equal(predict_model(fit, cbind(x = c(0.05, 4, 10))), c(2.9, -5, -17), tolerance = 1e-9)
})

test_that("a bend is found, as closely as the spacing of the knots allows", {
  x <- cbind(x = seq(0, 10, by = 0.1))
  fit <- fit_model(x, 3 + 2 * pmax(x[, 1] - 4, 0), defaults)
  expect_lt(max(abs(predict_model(fit, cbind(x = c(1, 4, 7.5))) - c(3, 3, 10))), 0.1)
})

test_that("the fit is mda's own, without the data", {
  x <- as.matrix(datasets::iris[, 2:4])
  y <- datasets::iris[, 1]
  for (degree in 1:3) {
    fit <- fit_model(x, y, with_settings(degree = degree, thresh = 0.005, prune = FALSE))
    whole <- mda::mars(x, y, degree = degree, thresh = 0.005, prune = FALSE)
    expect_equal(predict_model(fit, x), drop(stats::predict(whole, x)), tolerance = 1e-12)
    expect_equal(squared_errors(fit, x, y), drop(whole$residuals)^2, tolerance = 1e-9)
    expect_null(fit$x)
    expect_lt(length(serialize(fit, NULL)), 20000)
  }
})

test_that("nk and penalty reach mda", {
  x <- as.matrix(datasets::iris[, 2:4])
  y <- datasets::iris[, 1]
  fit <- fit_model(x, y, with_settings(degree = 2, nk = 5, penalty = 8))
  whole <- mda::mars(x, y, degree = 2, nk = 5, penalty = 8)
  expect_equal(predict_model(fit, x), drop(stats::predict(whole, x)), tolerance = 1e-12)
})

many <- local({
  seed_generator(5)
  x <- matrix(stats::runif(12000 * 3), ncol = 3)
  list(x = x, y = 10 * sin(pi * x[, 1] * x[, 2]) + 5 * x[, 3] + stats::rnorm(12000) / 10)
})

test_that("on many rows the knots come from a sample, the coefficients from all rows by least squares", {
  settings <- with_settings(degree = 2, max_search_rows = 500)
  fit <- fit_model(many$x, many$y, settings)
  sampled <- sample_rows(1:12000, 500, settings$seed)
  searched <- mda::mars(many$x[sampled, ], many$y[sampled], degree = 2, nk = 31)
  terms <- utils::getFromNamespace("model.matrix.mars", "mda")(searched, many$x)
  expected <- stats::lm.fit(terms, many$y)
  expect_equal(fit$searched_rows, 500)
  expect_equal(predict_model(fit, many$x), drop(expected$fitted.values), tolerance = 1e-9)
})

test_that("only the given rows influence the search and the estimate", {
  settings <- with_settings(degree = 2, max_search_rows = 500)
  corrupted <- replace(many$y, 6001:12000, 1e6)
  expect_equal(
    fit_model(many$x, corrupted, settings, rows = 1:6000)$coefficients,
    fit_model(many$x[1:6000, ], many$y[1:6000], settings)$coefficients
  )
})

test_that("a term that depends on others gets coefficient 0, and predictions stay right", {
  hinge <- list(terms = 1:2, column = c(1L, 1L), sign = c(1, 1), knot = c(0.5, 0.5))
  twice <- list(terms = 3L, levels = list(utils::modifyList(hinge, list(terms = 2:3))))
  x <- cbind(c(0.1, 0.6, 0.8, 1))
  y <- 2 + 3 * pmax(x[, 1] - 0.5, 0)
  coefficients <- estimate(twice, x, y, 1:4)
  expect_equal(drop(term_matrix(twice, x) %*% coefficients), y)
})

test_that("few rows get fewer terms, the same ones for the model and for its folds", {
  expect_equal(vapply(c(10, 219, 250, 310, 1e6), most_terms, 0, defaults), c(21, 21, 25, 31, 31))
  expect_equal(most_terms(10, with_settings(nk = 51)), 51)
  fit <- fit_model(many$x[1:300, ], many$y[1:300], defaults, rows = 1:200)
  expect_equal(fit$nk, 29) # 30 rows of ten, and mda takes odd numbers only
})

test_that("the default search uses fewer rows with more columns", {
  expect_equal(search_rows(10, defaults), 10000)
  expect_equal(search_rows(100, defaults), 3000) # 300,000 numbers
  expect_equal(search_rows(1e6, defaults), 1000)
  expect_equal(search_rows(100, with_settings(max_search_rows = 20000)), 20000)
})
