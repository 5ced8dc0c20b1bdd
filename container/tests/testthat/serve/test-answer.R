test_that("three content types are supported, in UTF-8", {
  for (type in c("text/csv", "Text/CSV; charset=UTF-8", " text/csv ;charset=\"utf-8\"", "text/csv; header=present")) {
    expect_equal(content_type(type), "text/csv", info = type)
  }
  expect_equal(content_type("application/json; charset=us-ascii"), "application/json")
  expect_equal(content_type("application/jsonlines"), "application/jsonlines")
  for (type in c("", "text/plain", "text/csvx", "text/csv; charset=latin1", "text/*", "text/csv, text/csv", ";", ",")) {
    expect_identical(content_type(type), NA_character_, info = type)
  }
})

test_that("the answer has the request's own type unless Accept prefers another", {
  for (accept in c("", "*/*", "text/html, */*;q=0.1", "application/*", "TEXT/CSV, application/json")) {
    expect_equal(accepted_type(accept, "application/json"), "application/json", info = accept)
  }
})

test_that("the type with the highest quality wins, and the most specific range gives a type its quality", {
  wanted <- function(accept) accepted_type(accept, "text/csv")
  expect_equal(wanted("application/json"), "application/json")
  expect_equal(wanted("application/jsonlines;q=0.9, application/json;q=0.8"), "application/jsonlines")
  expect_equal(wanted("text/csv;q=0.5, */*"), "application/json")
  expect_equal(wanted("text/csv; q=0, */*; q=0.1"), "application/json")
  expect_equal(wanted("text/*;q=0.2, application/jsonlines;q=0.1"), "text/csv")
})

test_that("Accept can rule out all types", {
  for (accept in c("text/html", "text/csv;q=0", "*/*;q=0", "image/*, text/html", ";", ",", "text/csv;q=x")) {
    expect_identical(accepted_type(accept, "text/csv"), NA_character_, info = accept)
  }
})

test_that("predictions are written one for each row, with 15 digits", {
  predictions <- c(1 / 3, -2e-20, 1e15)
  expect_equal(write_predictions(predictions, "text/csv"), "0.333333333333333\n-2e-20\n1e+15\n")
  expect_equal(
    write_predictions(predictions, "application/json"), "{\"predictions\": [0.333333333333333, -2e-20, 1e+15]}\n"
  )
  expect_equal(
    write_predictions(predictions[1:2], "application/jsonlines"),
    "{\"prediction\": 0.333333333333333}\n{\"prediction\": -2e-20}\n"
  )
})
