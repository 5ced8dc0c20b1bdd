test_that("predictions are those of the package mda", {
  for (table in engine_tables) {
    x <- as.matrix(table[, -1])
    for (given in engine_variants) {
      expected <- stats::predict(do.call(mda::mars, c(list(x = x, y = table[, 1]), given)), x)
      fit <- fit_model(x, table[, 1], do.call(with_settings, c(list(engine = "mda"), given)))
      expect_predictions(fit, x, expected)
    }
  }
})

test_that("a fit holds what predictions need, not the data", {
  x <- as.matrix(datasets::iris[, 2:4])
  fit <- fit_model(x, datasets::iris[, 1], with_settings(engine = "mda", degree = 2))
  expect_lt(length(serialize(fit, NULL)), 20000)
})

test_that("a search that nk ended is known", {
  x <- as.matrix(datasets::mtcars[, -1])
  few <- fit_model(x, datasets::mtcars[, 1], with_settings(engine = "mda", nk = 5, thresh = 1e-6))
  expect_true(few$bound_reached)
  expect_false(fit_model(x, datasets::mtcars[, 1], with_settings(engine = "mda", thresh = 0.5))$bound_reached)
})
