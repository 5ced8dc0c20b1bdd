columns <- list(y = c(1, 2, 3), x = c(5, -1, 2.5), colour = c("red", "blue", "Zinc"))
prototype <- as_prototype(columns, "y")

test_that("the prototype keeps names, types, ranges and levels, but not the target", {
  expect_equal(prototype$target, "y")
  expect_equal(prototype$features$x, list(type = "number", min = -1, max = 5))
  expect_equal(prototype$features$colour, list(type = "factor", levels = c("Zinc", "blue", "red")))
})

test_that("factors are encoded like R's own treatment contrasts", {
  frame <- data.frame(x = columns$x, colour = factor(columns$colour, levels = c("Zinc", "blue", "red")))
  expected <- stats::model.matrix(~ x + colour, frame)[, -1]
  encoded <- encode(columns, prototype)
  expect_equal(unname(encoded), unname(expected), ignore_attr = TRUE)
  expect_equal(colnames(encoded), colnames(expected))
})

test_that("rows are encoded with the prototype's levels, not with their own", {
  encoded <- encode(list(x = 1, colour = "red"), prototype)
  expect_equal(unname(encoded), matrix(c(1, 0, 1), nrow = 1))
})

test_that("a factor with a single level has no column", {
  constant <- list(y = 1:2, x = c(1, 2), only = c("a", "a"))
  expect_equal(colnames(encode(constant, as_prototype(constant, "y"))), "x")
})

test_that("a missing value is replaced by the mean, or by the first of the most frequent levels", {
  gappy <- list(y = 1:5, x = c(1, NA, 2, 6, NA), colour = c("red", "blue", NA, "red", "blue"))
  features <- as_prototype(gappy, "y", impute = TRUE)$features
  expect_equal(features$x, list(type = "number", min = 1, max = 6, fill = 3))
  expect_equal(features$colour, list(type = "factor", levels = c("blue", "red"), fill = "blue"))
  filled <- encode(gappy, list(features = features))
  expect_equal(unname(filled), cbind(c(1, 3, 2, 6, 3), c(1, 0, 0, 1, 0)))
})

test_that("the record has the model's provenance", {
  metrics <- list(mse = 0.5, train_rows = 12L, versions = list(R = "4"), terms = 3L)
  expect_equal(names(as_record(prototype, metrics)), c("target", "features", "mse", "train_rows", "versions"))
})

test_that("levels are an array in the record, even a single one", {
  record <- as_record(as_prototype(list(y = 1, only = "a"), "y"))
  expect_equal(jsonlite::fromJSON(as_json(record), simplifyVector = FALSE)$features$only$levels, list("a"))
})

test_that("the prototype and its record name the column that is ignored, and only if there is one", {
  ignoring <- as_prototype(columns[-3], "y", ignored = "colour")
  expect_equal(names(ignoring$features), "x")
  expect_equal(as_record(ignoring)$ignored, "colour")
  expect_equal(names(prototype), c("target", "features"))
})

test_that("rows differ if a number or a level does", {
  varied <- function(...) has_variety(as_prototype(list(y = 1:2, ...), "y"))
  expect_true(varied(a = c(1, 1), b = c(1, 2)))
  expect_true(varied(a = c(1, 1), b = c("u", "v")))
  expect_false(varied(a = c(1, 1), b = c("u", "u")))
})
