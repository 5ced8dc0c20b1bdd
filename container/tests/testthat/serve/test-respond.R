test_that("there is one prediction for each row, as mda predicts it, in every format", {
  frame <- transform(as.data.frame(serving_columns), blue = 1 * (colour == "red"))
  expected <- drop(mda::mars(as.matrix(frame[c("x", "blue")]), frame$y)$fitted.values)
  csv <- ask(csv_text(as.data.frame(serving_columns)))
  expect_equal(csv$status, 200)
  expect_equal(as.numeric(strsplit(csv$body, "\n")[[1]]), expected, tolerance = 1e-12)
  records <- as.character(jsonlite::toJSON(as.data.frame(serving_columns)))
  json <- ask(records, "application/json")
  expect_equal(jsonlite::parse_json(json$body, simplifyVector = TRUE)$predictions, expected, tolerance = 1e-12)
  expect_equal(ask(records, "application/json", "text/csv"), csv)
})

test_that("the rules of HTTP are checked before the data", {
  status <- function(...) ask("1,red\n", ...)$status
  expect_equal(status(path = "/"), 404)
  expect_equal(status(path = ""), 404)
  expect_equal(status(method = "GET"), 405)
  expect_equal(ask("", path = "/ping", method = "PUT")$allow, "GET, HEAD")
  expect_equal(status(type = "text/plain"), 415)
  expect_equal(status(accept = "text/html"), 406)
  expect_equal(ask(raw(6 * 2^20 + 1))$status, 413)
})

test_that("a refusal is JSON that names row and column", {
  refused <- ask("1,red\n2,green\n", accept = "text/csv")
  expect_equal(refused$status, 400)
  expect_equal(refused$type, "application/json")
  expect_match(jsonlite::parse_json(refused$body)$error, "row 2, line 2, column `colour`: \"green\"", fixed = TRUE)
})

test_that("a prediction that is not finite is refused with its row", {
  model <- serving_model()
  expect_match(ask("1,red\n1.7e308,red\n", model = list(
    fit = fit_model(encode(serving_columns, serving_prototype), serving_columns$y * 1e3, defaults),
    prototype = serving_prototype
  ))$body, "row 2 is too far from the training data", fixed = TRUE)
})

test_that("a model that imputes answers for rows with missing values", {
  model <- serving_model(filled_prototype())
  expect_equal(ask(",red\n3,\n", model = model)$body, ask("5.5,red\n3,blue\n", model = model)$body)
  expect_equal(ask("[[null, \"red\"]]", "application/json", "text/csv", model = model)$body, ask("5.5,red\n")$body)
})

test_that("without a model the container is unhealthy and says why", {
  model <- as_served(function() stop("no such file"))
  for (answer in list(ask("1,red\n", model = model), ask("", method = "GET", path = "/ping", model = model))) {
    expect_equal(answer$status, 503)
    expect_equal(jsonlite::parse_json(answer$body)$error, "no model is loaded: no such file")
  }
})

test_that("a model that cannot predict is not served", {
  broken <- as_served(function() list(fit = list(), prototype = serving_prototype))
  expect_equal(ask("", method = "GET", path = "/ping", model = broken)$status, 503)
})

test_that("an internal error is a 500 that says so", {
  faulty <- list(fit = list(), prototype = serving_prototype)
  answer <- ask("1,red\n", model = faulty)
  expect_equal(answer$status, 500)
  expect_match(answer$body, "internal error", fixed = TRUE)
})

test_that("batch transform may send as many requests at a time as there are workers", {
  answer <- ask("", method = "GET", path = "/execution-parameters")
  expected <- list(MaxConcurrentTransforms = 3L, BatchStrategy = "MULTI_RECORD", MaxPayloadInMB = 6L)
  expect_equal(jsonlite::parse_json(answer$body), expected)
})
