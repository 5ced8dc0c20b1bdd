test_that("fixed notation has no exponent and loses no precision", {
  numbers <- c(0.1 + 0.2, 1 / 3, 1.33e-07, 5e-28, 2.5e-300, 123456.789, 1e5, 9.99999999999999e22, 1e300, 1)
  for (number in numbers) {
    text <- as_fixed(number)
    expect_match(text, "^[0-9]+\\.[0-9]+$")
    expect_equal(as.numeric(text), number, tolerance = 1e-15)
    expect_gte(nchar(sub("^0+", "", sub(".", "", text, fixed = TRUE))), 10)
  }
})

test_that("zero is written too", {
  expect_equal(as.numeric(as_fixed(0)), 0)
})

test_that("each further metric has its own line, and none can be read as the objective", {
  metrics <- list(
    mse = 0.5, measured_on = "validation", train_mean_squared_error = 0.25, rsq = 0.875, gcv = NaN, terms = 6L,
    seconds = 1.5e-5, hyperparameters = list(degree = 1)
  )
  lines <- metric_lines(metrics)
  expect_equal(lines[c(1, 3)], c("train_error: 0.25000000000000000", "terms: 6"))
  expect_match(lines[4], "^seconds: 0\\.0000150{3,}")
  expect_length(lines, 4) # gcv is not a number here
  expect_false(any(grepl("mse: ", lines, fixed = TRUE)))
})
