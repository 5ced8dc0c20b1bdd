columns <- list(y = c(1, 2, 3, 5), x = c(1, 2, 3, 4), colour = c("red", "blue", "red", "blue"))
prototype <- as_prototype(columns, "y")
features_of <- function(...) as_features(charToRaw(paste0(...)), prototype)

test_that("columns are matched by name, the target ignored", {
  expect_equal(features_of("colour,y,x\nred,9,1\nblue,,2"), list(x = c(1, 2), colour = c("red", "blue")))
})

test_that("without a header the fields are in training order", {
  expect_equal(features_of("1,red\n2,\"blue\"\n\n"), list(x = c(1, 2), colour = c("red", "blue")))
})

test_that("headers that are not the model's are refused", {
  expect_refused(features_of("x,Colour\n1,red\n"), "the model knows no column \"Colour\": did you mean `colour`?")
  expect_refused(features_of("x\n1\n"), "the header lacks `colour`")
  expect_refused(features_of("x,colour,x\n1,red,1\n"), "the header names `x` twice")
  expect_refused(features_of("x,colour\n"), "a header but no rows")
})

test_that("rows of another length are refused, an empty line among them", {
  expect_refused(features_of("1,red\n2\n"), "row 2 has 1 fields")
  expect_refused(features_of("1,red\n\n2,red\n"), "row 2 has 1 fields")
  expect_refused(features_of("x,colour\n1,red,3\n"), "row 1 has 3 fields, the header 2")
  expect_refused(features_of(""), "the request is empty")
  expect_refused(features_of("\n\n"), "the request is empty")
})

test_that("cells that the model cannot score are refused with row and column", {
  expect_refused(features_of("1,red\n,red\n"), "row 2, line 2, column `x`: \"\" is missing")
  expect_refused(features_of("x,colour\n1,red\nabc,red\n"), "row 2, line 3, column `x`: \"abc\" is not a number")
  expect_refused(features_of("1e999,red\n"), "column `x`: \"1e999\" is too large")
  expect_refused(features_of("1,green\n"), "column `colour`: \"green\" is a level that the model has not seen")
  expect_refused(features_of("1,NA\n"), "column `colour`: \"NA\" is missing")
})

test_that("there is one prediction for each row, as mda predicts it", {
  fit <- fit_model(as.matrix(datasets::iris[, 2:4]), datasets::iris[, 1], defaults)
  model <- list(fit = fit, prototype = as_prototype(as.list(datasets::iris[1:4]), "Sepal.Length"))
  answer <- score(charToRaw(csv_text(datasets::iris[1:4])), model)
  whole <- mda::mars(as.matrix(datasets::iris[, 2:4]), datasets::iris[, 1])
  expect_equal(as.numeric(strsplit(answer, "\n")[[1]]), drop(whole$fitted.values), tolerance = 1e-12)
  expect_match(score(charToRaw("3.5,1.4,0.2"), model), "^[0-9.]+\n$")
})

test_that("only CSV in UTF-8 is readable", {
  for (type in c("text/csv", "Text/CSV; charset=UTF-8", " text/csv ;charset=\"utf-8\"")) {
    expect_true(is_csv_type(type))
  }
  for (type in c("", "text/plain", "text/csvx", "text/csv; charset=latin1", "application/json")) {
    expect_false(is_csv_type(type))
  }
})
