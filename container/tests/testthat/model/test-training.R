quiet <- function(text) NULL
iris_rows <- as.list(transform(datasets::iris, Species = as.character(Species)))
train_on <- function(dataset, settings = defaults, say = quiet) {
  train_model(prepare(dataset, settings), settings, say)
}
dataset <- list(target = "Sepal.Length", train = iris_rows, validation = NULL)

test_that("the objective is the mean over all rows of the held-out squared errors", {
  encoded <- stats::model.matrix(~ Sepal.Width + Petal.Length + Petal.Width + Species, datasets::iris)[, -1]
  y <- datasets::iris$Sepal.Length
  fold <- assign_folds(150, 4, 9)
  total <- 0
  for (k in 1:4) {
    fit <- mda::mars(encoded[fold != k, ], y[fold != k], degree = 2)
    total <- total + sum((y[fold == k] - stats::predict(fit, encoded[fold == k, ]))^2)
  }
  trained <- train_on(dataset, with_settings(degree = 2, folds = 4, seed = 9))
  expect_equal(trained$metrics$mse, total / 150, tolerance = 1e-13)
  expect_equal(trained$metrics$measured_on, "cross-validation")
})

test_that("the objective is measured on the validation channel if there is one", {
  odd <- seq(1, 150, by = 2)
  parts <- list(
    target = "Sepal.Length",
    train = lapply(iris_rows, `[`, odd), validation = lapply(iris_rows, `[`, -odd)
  )
  x <- as.matrix(datasets::iris[, 2:4])
  parts$train$Species <- parts$validation$Species <- NULL
  fit <- mda::mars(x[odd, ], datasets::iris[odd, 1])
  metrics <- train_on(parts)$metrics
  expected <- mean((datasets::iris[-odd, 1] - stats::predict(fit, x[-odd, ]))^2)
  expect_equal(metrics$mse, expected, tolerance = 1e-14)
  expect_equal(metrics$validation_rows, 75L)
})

test_that("more folds than rows are reduced to one fold per row, with a notice", {
  few <- list(target = "y", train = list(y = c(1, 3, 2, 5, 4, 6, 8, 7, 9, 10), x = 1:10), validation = NULL)
  said <- character()
  trained <- train_on(few, with_settings(folds = 20), function(text) said <<- c(said, text))
  expect_equal(trained$metrics$folds, 10)
  expect_match(said[1], "folds reduced from 20 to 10, the number of rows")
})

test_that("a level that occurs in a single row does not break any fold", {
  rare <- list(target = "y", train = list(y = 1:12 + 0.5, kind = c("rare", rep(c("a", "b", "c"), 4)[-1])))
  expect_true(is.finite(train_on(rare)$metrics$mse))
})

test_that("features with a single level are refused if there are no others", {
  bare <- list(target = "y", train = list(y = 1:12 + 0.5, kind = rep("a", 12)))
  expect_refused(train_on(bare), "no feature has more than one level")
})

test_that("an infinite objective is refused", {
  huge <- list(target = "y", train = list(y = c(1e300, -1e300, 1:10), x = 1:12))
  expect_refused(train_on(huge), "not a finite number")
})
