engines_here <- c("earth", "mda", if (has_compiled()) "compiled")

test_that("a straight line is predicted exactly", {
  x <- cbind(x = seq(0, 10, by = 0.1))
  for (engine in engines_here) {
    fit <- fit_model(x, 3 - 2 * x[, 1], with_settings(engine = engine))
    expect_equal(predict_model(fit, cbind(x = c(0.05, 4, 10))), c(2.9, -5, -17), tolerance = 1e-9)
  }
})

test_that("predictions go a fifth of the target's range beyond it, and no further", {
  x <- cbind(x = seq(0, 10, by = 0.1))
  for (engine in setdiff(engines_here, "mda")) { # mda's line ends where the data end
    fit <- fit_model(x, 3 - 2 * x[, 1], with_settings(engine = engine))
    expect_equal(predict_model(fit, cbind(x = c(-100, 100))), c(3 + 4, -17 - 4), tolerance = 1e-9) # a fifth of 20
  }
})

test_that("a bend is found, as closely as the spacing of the knots allows", {
  x <- cbind(x = seq(0, 10, by = 0.1))
  for (engine in engines_here) {
    fit <- fit_model(x, 3 + 2 * pmax(x[, 1] - 4, 0), with_settings(engine = engine))
    expect_lt(max(abs(predict_model(fit, cbind(x = c(1, 4, 7.5))) - c(3, 3, 10))), 0.3)
  }
})

many <- local({
  seed_generator(5)
  x <- matrix(stats::runif(12000 * 3), ncol = 3)
  list(x = x, y = 10 * sin(pi * x[, 1] * x[, 2]) + 5 * x[, 3] + stats::rnorm(12000) / 10)
})

test_that("on many rows the knots come from a sample, the coefficients from all rows by least squares", {
  settings <- with_settings(engine = "mda", degree = 2, max_search_rows = 500)
  fit <- fit_model(many$x, many$y, settings)
  sampled <- sample_rows(1:12000, 500, settings$seed)
  searched <- mda::mars(many$x[sampled, ], many$y[sampled], degree = 2)
  terms <- utils::getFromNamespace("model.matrix.mars", "mda")(searched, many$x)
  expected <- stats::lm.fit(terms, many$y)
  expect_equal(fit$searched_rows, 500)
  expect_equal(predict_model(fit, many$x), drop(expected$fitted.values), tolerance = 1e-9)
})

test_that("only the given rows influence the search and the estimate", {
  corrupted <- replace(many$y, 6001:12000, 1e6)
  for (engine in engines_here) {
    settings <- with_settings(engine = engine, degree = 2, max_search_rows = 500)
    expect_equal(
      fit_model(many$x, corrupted, settings, rows = 1:6000)$coefficients,
      fit_model(many$x[1:6000, ], many$y[1:6000], settings)$coefficients
    )
  }
})

test_that("a column that is constant in the rows of a fit is left out of it", {
  x <- cbind(constant = rep(c(1, 5), c(80, 20)), x = 1:100)
  for (engine in engines_here) {
    fit <- fit_model(x, 2 * x[, 2], with_settings(engine = engine), rows = 1:80)
    expect_equal(predict_model(fit, x[1:90, ]), 2 * (1:90), tolerance = 1e-9)
    bare <- fit_model(x[, 1, drop = FALSE], x[, 2], with_settings(engine = engine), rows = 1:80)
    expect_equal(predict_model(bare, x[99:100, 1, drop = FALSE]), c(40.5, 40.5))
  }
})

test_that("a term that depends on others gets coefficient 0, and predictions stay right", {
  hinge <- list(terms = 1:2, column = c(1L, 1L), sign = c(1, 1), knot = c(0.5, 0.5))
  twice <- list(terms = 3L, levels = list(utils::modifyList(hinge, list(terms = 2:3))))
  x <- cbind(c(0.1, 0.6, 0.8, 1))
  y <- 2 + 3 * pmax(x[, 1] - 0.5, 0)
  coefficients <- estimate(twice, x, y, 1:4)
  expect_equal(drop(term_matrix(twice, x) %*% coefficients), y)
})

test_that("the average of models is one model, and its figures are their means", {
  fits <- lapply(list(1:100, 51:150), function(rows) fit_model(many$x[rows, ], many$y[rows], defaults))
  average <- average_models(fits)
  expected <- rowMeans(vapply(fits, predict_model, numeric(40), many$x[60:99, ]))
  expect_equal(predict_model(average, many$x[60:99, ]), expected, tolerance = 1e-9)
  expect_equal(average$gcv, (fits[[1]]$gcv + fits[[2]]$gcv) / 2)
  expect_lt(length(serialize(average, NULL)), 20000)
})

test_that("a bound that was reached is a number for SageMaker and a sentence for people", {
  bounded <- with_settings(engine = "earth", nk = 5, thresh = 1e-6, max_search_rows = 500)
  fit <- average_models(list(fit_model(many$x, many$y, bounded), fit_model(many$x, many$y, bounded, rows = 1:400)))
  described <- describe_model(fit)[c("compiled", "members", "nk", "bound_reached", "sampled_rows")]
  expect_equal(described, list(compiled = 0L, members = 2L, nk = 5, bound_reached = 1L, sampled_rows = 500))
  expect_equal(notes_on_model(fit)[-1], c(
    "stopped at 5 terms: a larger `nk` may fit better",
    "searched knots on a sample of 500 rows: a larger `max_search_rows` may fit better"
  ))
})

test_that("where no bound was reached, nothing is said", {
  fit <- fit_model(many$x, many$y, with_settings(engine = "earth", thresh = 0.5), rows = 1:400)
  expect_equal(describe_model(fit)[c("bound_reached", "sampled_rows", "members")],
    list(bound_reached = 0L, sampled_rows = 0, members = 1))
  expect_length(notes_on_model(fit), 1)
})

test_that("a model of the release before predicts as it did", {
  hinges <- list(terms = 2L, levels = list(list(terms = 2L, column = 1L, sign = 1, knot = 2)))
  fit <- list(hinges = hinges, coefficients = matrix(c(1, 3)))
  expect_equal(predict_model(fit, cbind(c(1, 4))), c(1, 7))
})
