test_that("everything except the target has a default", {
  expected <- list(
    target = "y", folds = 5, folds_by = NULL, folds_in_order_of = NULL, seed = 1, missing = "error",
    engine = "auto", degree = 1, thresh = NULL, prune = TRUE, nk = NULL, penalty = NULL, nprune = NULL,
    minspan = NULL, endspan = NULL, fast_k = NULL, max_search_rows = NULL
  )
  expect_equal(as_hyperparameters(list(target = "y")), expected)
})

test_that("strings are converted; SageMaker's own names are ignored and its SDK's quotes removed", {
  given <- list(
    target = "\"a b\"", degree = "3", thresh = "1e-2", prune = "FALSE", nk = "51", penalty = "2.5",
    engine = "earth", nprune = "9", minspan = "3", endspan = "4", fast_k = "0",
    folds = "\"10\"", folds_by = "\"c d\"", seed = "4294967295", missing = "impute", max_search_rows = "5000",
    "_tuning_objective_metric" = "mse", sagemaker_program = "x"
  )
  expected <- list(
    target = "a b", folds = 10, folds_by = "c d", folds_in_order_of = NULL, seed = 4294967295, missing = "impute",
    engine = "earth", degree = 3, thresh = 0.01, prune = FALSE, nk = 51, penalty = 2.5, nprune = 9, minspan = 3,
    endspan = 4, fast_k = 0, max_search_rows = 5000
  )
  expect_equal(as_hyperparameters(given), expected)
})

test_that("a small number is read however a search writes it", {
  for (value in c("0.00001", "1.0E-5", "1e-05", "1E-5", ".00001", "+1.0e-5", "\"1.0E-5\"")) {
    expect_equal(as_hyperparameters(list(target = "y", thresh = value))$thresh, 1e-5)
  }
})

test_that("values outside of their limits are refused", {
  refused <- function(name, value, message) {
    expect_refused(as_hyperparameters(c(list(target = "y"), stats::setNames(list(value), name))), message)
  }
  for (value in c("x", "0", "11", "1.5", "-1", "", "1e0", "99999999999")) {
    refused("degree", value, paste0("`degree` must be a whole number from 1 to 10, not \"", value, "\""))
  }
  for (value in c("0", "1", "-0.1", "x", "NaN", "")) {
    refused("thresh", value, paste0("`thresh` must be a number above 0 and below 1, not \"", value, "\""))
  }
  for (value in c("true", "1", "")) {
    refused("prune", value, paste0("`prune` must be TRUE or FALSE, not \"", value, "\""))
  }
  for (value in c("-1", "101", "x", "NA")) {
    refused("penalty", value, paste0("`penalty` must be a number from 0 to 100, not \"", value, "\""))
  }
  refused("engine", "MARS", "`engine` must be one of auto, earth, mda, compiled, not \"MARS\"")
  refused("nk", "2", "`nk` must be a whole number from 3 to 1001, not \"2\"")
  refused("missing", "ignore", "`missing` must be one of error, drop, impute, not \"ignore\"")
  refused("max_search_rows", "99", "`max_search_rows` must be a whole number from 100 to 1000000000, not \"99\"")
  refused("folds", "1", "`folds` must be a whole number from 2 to 20, not \"1\"")
  refused("seed", "-1", "`seed` must be a whole number from 0 to 4294967295, not \"-1\"")
})

test_that("all problems are reported at once, an unknown name with the closest known one", {
  message <- tryCatch(as_hyperparameters(list(degre = "2", prune = "no")), refused = conditionMessage)
  expect_match(message, "`degre` is not a hyperparameter: did you mean `degree`?", fixed = TRUE)
  expect_match(message, "`prune` must be TRUE or FALSE", fixed = TRUE)
  expect_match(message, "`target` is missing", fixed = TRUE)
})

test_that("the column that decides about folds is one, named, and not the target", {
  given <- function(...) as_hyperparameters(list(target = "y", ...))
  expect_refused(given(folds_by = ""), "`folds_by` is empty: set it to a column, or leave it out")
  expect_refused(given(folds_by = "g", folds_in_order_of = "t"), "exclude each other: keep one of them")
  expect_refused(given(folds_in_order_of = "y"), "`folds_in_order_of` is the target, `y`: choose another column")
})

test_that("the rule of the folds is the column's, and there is none without a column", {
  expect_null(fold_rule(defaults))
  ordered <- list(name = "folds_in_order_of", column = "t", count = 3, in_order = TRUE)
  expect_equal(fold_rule(with_settings(folds = 3, folds_in_order_of = "t")), ordered)
  grouped <- list(name = "folds_by", column = "g", count = 5, in_order = FALSE)
  expect_equal(fold_rule(with_settings(folds_by = "g")), grouped)
})
