test_that("predictions are those of the package earth", {
  for (table in engine_tables) {
    x <- as.matrix(table[, -1])
    for (given in engine_variants) {
      settings <- do.call(with_settings, c(list(engine = "earth"), given))
      arguments <- c(list(x = x, y = table[, 1], pmethod = if (isFALSE(given$prune)) "none" else "backward"),
        given[setdiff(names(given), "prune")])
      expected <- stats::predict(do.call(earth::earth, arguments), x)
      fit <- fit_model(x, table[, 1], settings)
      expect_predictions(fit, x, expected)
    }
  }
})

test_that("a search that nk ended is known", {
  x <- as.matrix(datasets::mtcars[, -1])
  few <- fit_model(x, datasets::mtcars[, 1], with_settings(engine = "earth", nk = 5, thresh = 1e-6))
  expect_true(few$bound_reached)
  expect_equal(few$nk, 5)
  expect_false(fit_model(x, datasets::mtcars[, 1], with_settings(engine = "earth", thresh = 0.5))$bound_reached)
})
