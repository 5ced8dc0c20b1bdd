features_of <- function(columns, prototype = serving_prototype, lines = NULL) {
  as_features(list(columns = columns, lines = lines), prototype)
}

test_that("text and JSON scalars become the same numbers and levels", {
  expected <- list(x = c(1, 2.5), colour = c("red", "blue"))
  expect_equal(features_of(list(x = c("1", "2.5"), colour = c("red", "blue"))), expected)
  expect_equal(features_of(list(colour = list("red", "blue"), x = list(1L, 2.5))), expected)
})

test_that("a cell of text that the model cannot score is refused with row, line and column", {
  refused <- function(x, colour, message) {
    expect_refused(features_of(list(x = c("1", x), colour = c("red", colour)), lines = 2:3), message)
  }
  refused("", "red", "row 2, line 3, column `x`: \"\" is missing")
  refused("abc", "red", "row 2, line 3, column `x`: \"abc\" is not a number")
  refused("0x1F", "red", "column `x`: \"0x1F\" is not a number")
  refused("1e999", "red", "column `x`: \"1e999\" is too large")
  refused("1", "green", "`colour`: \"green\" is a level that the model has not seen: expected one of `blue`, `red`")
  refused("1", "NA", "column `colour`: \"NA\" is missing")
})

test_that("a JSON value of the wrong type is refused with row and column", {
  refused <- function(x, colour, message) {
    expect_refused(features_of(list(x = list(1, x), colour = list("red", colour))), message)
  }
  refused(NULL, "red", "row 2, column `x`: null is missing")
  refused("3", "red", "column `x`: \"3\" is not a number")
  refused(TRUE, "red", "column `x`: true is not a number")
  refused(Inf, "red", "column `x`: inf is too large")
  refused(list(1), "red", "column `x`: an array is not a number")
  refused(list(a = 1), "red", "column `x`: an object is not a number")
  refused(1, 7, "column `colour`: 7 is not text")
  refused(1, "NA", "column `colour`: \"NA\" is a level that the model has not seen")
})

test_that("a model that imputes fills in missing values, and nothing else", {
  prototype <- filled_prototype()
  expected <- list(x = c(5.5, 1), colour = c("red", "blue"))
  expect_equal(features_of(list(x = c("NA", "1"), colour = c("red", "")), prototype), expected)
  expect_equal(features_of(list(x = list(NULL, 1), colour = list("red", NULL)), prototype), expected)
  wrong <- list(x = c("", "1"), colour = c("red", "green"))
  expect_refused(features_of(wrong, prototype), "row 2, column `colour`: \"green\" is a level")
  expect_refused(features_of(list(x = list("1"), colour = list("red")), prototype), "\"1\" is not a number")
})
