quiet <- function(text) NULL
# Iris in the order that training gives its rows, because mda's models of tied data depend on it.
iris_rows <- as.list(transform(datasets::iris, Species = as.character(Species)))
place <- order(row_keys(iris_rows[-1]), iris_rows[[1]])
iris <- datasets::iris[place, ]
iris_rows <- lapply(iris_rows, `[`, place)
train_on <- function(dataset, settings = defaults, say = quiet) {
  train_model(prepare(dataset, settings), settings, say)
}
dataset <- list(target = "Sepal.Length", train = iris_rows, validation = NULL)

encoded <- stats::model.matrix(~ Sepal.Width + Petal.Length + Petal.Width + Species, iris)[, -1]

test_that("the objective is the mean over all rows of the held-out squared errors", {
  y <- iris$Sepal.Length
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
    drop(stats::predict(mda::mars(encoded[fold != k, ], iris[fold != k, 1]), encoded))
  }, numeric(150))
  trained <- train_on(dataset, with_settings(engine = "mda"))
  expect_equal(predict_model(trained$model$fit, encoded), rowMeans(each), tolerance = 1e-9)
  expect_equal(trained$metrics$model, "average of the folds' models")
})

# Rounded to one digit, so that knots and rows are tied.
in_another_order <- function(frame, target) {
  columns <- lapply(frame, function(values) {
    if (is.factor(values)) as.character(values) else round(as.numeric(values), 1)
  })
  rows <- seq_len(nrow(frame))
  order <- c(rev(rows[rows %% 3 == 0]), rows[rows %% 3 != 0])
  list(list(target = target, train = columns), list(target = target, train = lapply(columns, `[`, order)))
}

test_that("the order of rows changes nothing, to the last bit", {
  tables <- list(
    in_another_order(datasets::iris, "Sepal.Length"), in_another_order(datasets::ToothGrowth, "len"),
    in_another_order(datasets::quakes, "mag")
  )
  for (table in tables) {
    for (engine in c("earth", "mda", if (has_compiled()) "compiled")) {
      settings <- with_settings(engine = engine, degree = 2, max_search_rows = 100)
      one <- train_on(table[[1]], settings)
      other <- train_on(table[[2]], settings)
      expect_identical(other$model, one$model)
      expect_identical(other$metrics, one$metrics)
    }
  }
})

test_that("the order of rows of the validation channel changes nothing either", {
  part <- function(rows) lapply(iris_rows, `[`, rows)
  parts <- list(target = "Sepal.Length", train = part(1:150), validation = part(seq(1, 150, by = 2)))
  other <- utils::modifyList(parts, list(validation = part(seq(149, 1, by = -2))))
  expect_identical(train_on(other)$metrics, train_on(parts)$metrics)
})

test_that("the objective is measured on the validation channel if there is one", {
  odd <- seq(1, 150, by = 2)
  parts <- list(
    target = "Sepal.Length",
    train = lapply(iris_rows, `[`, odd), validation = lapply(iris_rows, `[`, -odd)
  )
  parts$train$Species <- parts$validation$Species <- NULL
  x <- as.matrix(iris[, 2:4])
  y <- iris[, 1]
  fold <- assign_folds(row_keys(parts$train[-1]), 5)
  each <- vapply(1:5, function(k) {
    drop(stats::predict(mda::mars(x[odd[fold != k], ], y[odd[fold != k]]), x[-odd, ]))
  }, numeric(75))
  metrics <- train_on(parts, with_settings(engine = "mda"))$metrics
  expect_equal(metrics$mse, mean((y[-odd] - rowMeans(each))^2), tolerance = 1e-9)
  expect_equal(metrics$validation_rows, 75L)
})

test_that("the log says which model is served", {
  said_of <- function(...) {
    said <- character()
    train_on(dataset, with_settings(...), function(text) said <<- c(said, text))
    said
  }
  expect_true("the model is the average of the folds' models" %in% said_of())
  dataset$parts <- list(train = 1:150)
  expect_true("the model is the fit to all rows" %in% said_of(folds_in_order_of = "t"))
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

# Rows of iris with a column besides the features, as as_dataset returns them.
divided_by <- function(parts, rows = seq_along(parts)) {
  list(target = "Sepal.Length", train = lapply(iris_rows, `[`, rows), parts = list(train = parts[rows]))
}

test_that("each group is in one fold, and so the objective is that of groups that a fit has not seen", {
  groups <- rep_len(letters[1:12], 150)
  settings <- with_settings(engine = "mda", folds = 3, folds_by = "customer")
  fold <- divide(prepare(divided_by(groups), settings), settings, quiet)
  expect_true(all(tapply(fold, groups, function(folds) length(unique(folds))) == 1))
  expect_equal(sort(unique(fold)), 1:3)

  y <- iris$Sepal.Length
  errors <- unlist(lapply(1:3, function(k) {
    y[fold == k] - stats::predict(mda::mars(encoded[fold != k, ], y[fold != k]), encoded[fold == k, ])
  }))
  trained <- train_on(divided_by(groups), settings)
  expect_equal(trained$metrics$mse, mean(errors^2), tolerance = 1e-9)
  expect_equal(trained$metrics$model, "average of the folds' models")
})

test_that("the standard error counts a group once", {
  groups <- rep_len(1:12, 150)
  few <- train_on(divided_by(groups), with_settings(folds_by = "customer"))$metrics$mse_se
  # Twelve times as many rows of the same groups leave it as it is.
  again <- train_on(divided_by(groups, rep(1:150, 12)), with_settings(folds_by = "customer"))$metrics$mse_se
  expect_equal(again, few, tolerance = 0.1)
})

test_that("the order of rows changes nothing with groups and times either", {
  order <- c(seq(150, 2, by = -2), seq(1, 149, by = 2))
  parts <- (1:150 * 7) %% 50
  for (settings in list(
    with_settings(engine = "earth", folds_by = "part"), with_settings(engine = "earth", folds_in_order_of = "part")
  )) {
    mse <- train_on(divided_by(parts), settings)$metrics$mse
    expect_equal(train_on(divided_by(parts, order), settings)$metrics$mse, mse, tolerance = 1e-9)
  }
})

test_that("in order of time the fit to all rows is served, and measured by the rows after those that a fold knows", {
  # With so high a threshold every fit is the mean. Blocks: y = 1 2 3 | 4 5 6 | 7 8 9 | 10 11 12. The means 2, 3.5 and
  # 5 predict with squared errors 4 9 16, 12.25 20.25 30.25 and 25 36 49: 201.75 for nine rows.
  order <- c(5, 12, 1, 8, 3, 10, 2, 7, 11, 4, 9, 6)
  rows <- list(target = "y", train = list(y = order, x = (order * 5) %% 13), parts = list(train = order + 1900))
  trained <- train_on(rows, with_settings(folds = 3, folds_in_order_of = "year", thresh = 0.999))
  expect_equal(trained$metrics$mse, 201.75 / 9)
  expect_equal(trained$metrics$baseline_mse, 201.75 / 9)
  expect_equal(unlist(trained$metrics$fold_mean_squared_errors), c(29, 62.75, 110) / 3)
  expect_equal(trained$metrics$model, "fit to all rows")
  expect_equal(predict_model(trained$model$fit, cbind(x = 4)), 6.5)
  expect_equal(trained$model$prototype$ignored, "year")
  expect_equal(names(trained$model$prototype$features), "x")
})

test_that("missing values are imputed from earlier rows only, in order of time", {
  rows <- list(target = "y", train = list(y = 1:12, x = c(1:4, NA, 6:12)), parts = list(train = 1:12))
  settings <- with_settings(missing = "impute", folds = 3, folds_in_order_of = "t")
  prepared <- prepare(rows, settings)
  filled <- encode_for(prepared, which(divide(prepared, settings, quiet) < 1))
  expect_equal(filled[prepared$y == 5], 2) # the mean of 1, 2, 3
})

test_that("a feature without a value in earlier rows is left out of their fit", {
  rows <- list(target = "y", train = list(y = 1:12, x = c(rep(NA, 6), 6:1), z = 1:12), parts = list(train = 1:12))
  for (engine in c("earth", "mda", if (has_compiled()) "compiled")) {
    settings <- with_settings(engine = engine, missing = "impute", folds = 3, folds_in_order_of = "t")
    expect_true(is.finite(train_on(rows, settings)$metrics$mse))
  }
})

test_that("with a validation channel the objective is the served model's error there", {
  odd <- seq(1, 150, by = 2)
  x <- as.matrix(iris[, 2:4])
  y <- iris[, 1]
  numbers <- function(rows) lapply(iris_rows[1:4], `[`, rows)
  parts <- list(
    target = "Sepal.Length", train = numbers(odd), validation = numbers(-odd),
    parts = list(train = odd, validation = seq(2, 150, by = 2))
  )
  ordered <- train_on(parts, with_settings(engine = "mda", folds_in_order_of = "t"))$metrics
  expected <- y[-odd] - drop(stats::predict(mda::mars(x[odd, ], y[odd]), x[-odd, ]))
  expect_equal(ordered$mse, mean(expected^2), tolerance = 1e-9)
  expect_equal(ordered$model, "fit to all rows")
  grouped <- train_on(parts, with_settings(engine = "mda", folds_by = "g"))$metrics
  expect_equal(c(grouped$measured_on, grouped$model), c("validation", "average of the folds' models"))
})

test_that("rows without any difference in their features are refused in every division", {
  alike <- list(target = "y", train = list(y = 1:12 + 0.5, x = rep(3, 12)), parts = list(train = 1:12))
  for (settings in list(with_settings(folds_by = "g"), with_settings(folds_in_order_of = "t"))) {
    expect_refused(train_on(alike, settings), "all rows have the same features")
  }
})
