grouped <- list(name = "folds_by", column = "part", count = 3, in_order = FALSE)
ordered <- list(name = "folds_in_order_of", column = "part", count = 2, in_order = TRUE)

dataset_with <- function(parts, rule, missing = "error", validation = NULL) {
  rows <- data.frame(x = seq_along(parts), part = parts, y = seq_along(parts)^2)
  held_out <- if (!is.null(validation)) list(typed_table_of(csv_text(validation), name = "validation/v.csv"))
  as_dataset(list(typed_table_of(csv_text(rows))), held_out, "y", missing, rule)
}

test_that("the column is apart from the features, in both channels", {
  held_out <- data.frame(x = 1:2, part = c("d", "a"), y = 1:2)
  dataset <- dataset_with(rep(c("a", "b", "c"), 4), grouped, validation = held_out)
  expect_equal(names(dataset$train), c("x", "y"))
  expect_equal(names(dataset$validation), c("x", "y"))
  expect_equal(dataset$parts, list(train = rep(c("a", "b", "c"), 4), validation = c("d", "a")))
})

test_that("a column that the data does not have is refused with the one that was meant", {
  other <- utils::modifyList(grouped, list(column = "prt"))
  expect_refused(
    dataset_with(1:12, other), "`folds_by` is `prt`, but the data has no such column: did you mean `part`?"
  )
})

test_that("a table of the target and that column alone is refused", {
  table <- typed_table_of(csv_text(data.frame(part = 1:12, y = 12:1)))
  expect_refused(as_dataset(list(table), NULL, "y", "error", grouped), "has no feature besides the target `y`")
})

test_that("a missing value in training rows is refused, whatever happens to other missing values", {
  for (missing in c("error", "drop", "impute")) {
    for (rule in list(grouped, ordered)) {
      expect_refused(
        dataset_with(c(1:4, NA, 6:13), rule, missing),
        paste0("train/a.csv line 6, column `part`: a value is missing: `", rule$name, "` needs it in every row")
      )
    }
  }
})

test_that("validation rows need no group unless missing values are refused", {
  held_out <- data.frame(x = 1:2, part = NA, y = 1:2)
  expect_equal(dataset_with(1:12, grouped, "impute", held_out)$validation, list(x = c(1, 2), y = c(1, 2)))
  expect_refused(dataset_with(1:12, grouped, "error", held_out), "validation/v.csv line 2, column `part`: a value")
})

test_that("fewer groups than folds, and fewer times than folds and one, are refused", {
  expect_refused(
    dataset_with(rep(c("a", "b"), 6), grouped),
    "column `part` has 2 different values in channel train, but 3 folds need at least 3: use fewer `folds`"
  )
  expect_refused(dataset_with(rep(1:2, 6), ordered), "but 2 folds in its order need at least 3: use fewer `folds`")
  expect_equal(dataset_with(rep(1:3, 4), ordered)$parts$train, rep(1:3, 4))
})

test_that("groups of rows that are dropped do not count", {
  rows <- paste0(1:12, ",", rep(c("a", "b", "c"), 4), ",", c("1", "2", ""), "\n", collapse = "")
  table <- typed_table_of("x,part,y\n", rows, "13,a,5\n14,b,6\n")
  expect_refused(as_dataset(list(table), NULL, "y", "drop", grouped), "has 2 different values in channel train")
})

test_that("times are numbers or ISO dates", {
  iso <- c("%04d-01", "2024-01-%02d", "2024-01-31T%02d:00", "2024-01-31 10:00:%02d", "2024-01-31T10:00:00.%03dZ")
  for (form in c("%d", iso, "2024-01-%02dT10:00+05:30", "2024-01-%02dT10:00-0800")) {
    times <- sprintf(form, 1:12)
    expect_length(dataset_with(times, ordered)$parts$train, 12)
  }
})

test_that("a text that is not an ISO date is refused with its place", {
  for (odd in c("31.01.2024", "2024-13-01", "2024-31-01", "2024-1-1", "Q1", " 2024-01-05", "2024-01-05T25:00")) {
    times <- sprintf("2024-01-%02d", 1:12)
    times[5] <- odd
    expect_refused(
      dataset_with(times, ordered),
      paste0("train/a.csv line 6, column `part`: \"", odd, "\" is not an ISO date: write it like 2024-01-31")
    )
  }
  expect_length(dataset_with(rep(c("Q1", "Q2", "Q3"), 4), grouped)$parts$train, 12)
})

test_that("times that would not sort as they are written are refused", {
  for (odd in c("2024-01-05T10:00+02:00", "2024-01-05 10:00+01:00", "2024-01-05T10:00:30+01:00", "2024-01-05")) {
    times <- sprintf("2024-01-%02dT10:00+01:00", 1:12)
    times[5] <- odd
    expect_refused(
      dataset_with(times, ordered),
      paste0("train/a.csv line 6, column `part`: \"", odd, "\" is not written like 2024-01-01T10:00+01:00")
    )
  }
})
