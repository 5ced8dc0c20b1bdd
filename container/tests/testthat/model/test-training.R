quiet <- function(text) NULL
iris_rows <- as.list(transform(datasets::iris, Species = as.character(Species)))
train_on <- function(dataset, settings = defaults, say = quiet) {
  train_model(prepare(dataset, settings), settings, say)
}
dataset <- list(target = "Sepal.Length", train = iris_rows, validation = NULL)

encoded <- stats::model.matrix(~ Sepal.Width + Petal.Length + Petal.Width + Species, datasets::iris)[, -1]

test_that("the objective is the mean over all rows of the held-out squared errors", {
  y <- datasets::iris$Sepal.Length
  fold <- assign_folds(row_keys(iris_rows[-1]), 4)
  total <- 0
  for (k in 1:4) {
    fit <- mda::mars(encoded[fold != k, ], y[fold != k], degree = 2)
    total <- total + sum((y[fold == k] - stats::predict(fit, encoded[fold == k, ]))^2)
  }
  trained <- train_on(dataset, with_settings(engine = "mda", degree = 2, folds = 4, seed = 9))
  expect_equal(trained$metrics$mse, total / 150, tolerance = 1e-10)
  expect_equal(trained$metrics$measured_on, "cross-validation")
})

test_that("the average of the folds' models is served", {
  fold <- assign_folds(row_keys(iris_rows[-1]), 5)
  each <- vapply(1:5, function(k) {
    drop(stats::predict(mda::mars(encoded[fold != k, ], datasets::iris[fold != k, 1]), encoded))
  }, numeric(150))
  trained <- train_on(dataset, with_settings(engine = "mda"))
  expect_equal(predict_model(trained$model$fit, encoded), rowMeans(each), tolerance = 1e-9)
  expect_equal(trained$metrics$model, "average of the folds' models")
})

test_that("the order of rows changes nothing", {
  order <- c(seq(150, 2, by = -2), seq(1, 149, by = 2))
  other <- list(target = dataset$target, train = lapply(iris_rows, `[`, order), validation = NULL)
  settings <- with_settings(engine = "earth")
  expect_equal(train_on(other, settings)$metrics$mse, train_on(dataset, settings)$metrics$mse, tolerance = 1e-9)
})

test_that("the objective is measured on the validation channel if there is one", {
  odd <- seq(1, 150, by = 2)
  parts <- list(
    target = "Sepal.Length",
    train = lapply(iris_rows, `[`, odd), validation = lapply(iris_rows, `[`, -odd)
  )
  parts$train$Species <- parts$validation$Species <- NULL
  x <- as.matrix(datasets::iris[, 2:4])
  y <- datasets::iris[, 1]
  fold <- assign_folds(row_keys(parts$train[-1]), 5)
  each <- vapply(1:5, function(k) {
    drop(stats::predict(mda::mars(x[odd[fold != k], ], y[odd[fold != k]]), x[-odd, ]))
  }, numeric(75))
  metrics <- train_on(parts, with_settings(engine = "mda"))$metrics
  expect_equal(metrics$mse, mean((y[-odd] - rowMeans(each))^2), tolerance = 1e-9)
  expect_equal(metrics$validation_rows, 75L)
})

test_that("more folds than different rows are reduced, with a notice", {
  few <- list(target = "y", train = list(y = c(1, 3, 2, 5, 4, 6, 8, 7, 9, 10, 11), x = c(1:10, 10)), validation = NULL)
  said <- character()
  trained <- train_on(few, with_settings(folds = 20), function(text) said <<- c(said, text))
  expect_equal(trained$metrics$folds, 10)
  expect_match(said[1], "folds reduced from 20 to 10, the number of different rows")
})

test_that("rows that are all alike are refused", {
  alike <- list(target = "y", train = list(y = 1:12 + 0.5, x = rep(3, 12)))
  expect_refused(train_on(alike), "all rows have the same features")
})

test_that("a level that occurs in a single row does not break any fold", {
  rare <- list(target = "y", train = list(y = 1:12 + 0.5, kind = c("rare", rep(c("a", "b", "c"), 4)[-1])))
  expect_true(is.finite(train_on(rare)$metrics$mse))
})

test_that("features with a single level are refused if there are no others", {
  bare <- list(target = "y", train = list(y = 1:12 + 0.5, kind = rep("a", 12)))
  expect_refused(train_on(bare), "no feature has more than one level")
})
