gappy <- paste0(
  "y,x,colour\n1,5,red\n2,,red\n,7,blue\n4,8,\n5,9,blue\n",
  "6,1,red\n7,2,red\n8,3,blue\n9,4,red\n10,5,blue\n11,6,red\n12,3,red\n"
)
gappy_dataset <- function(missing, text = gappy) as_dataset(list(typed_table_of(text)), NULL, "y", missing)

test_that("a missing value is refused with its file, line and column, and a way out", {
  expect_refused(
    gappy_dataset("error"),
    "train/a.csv line 4, column `y`: a value is missing: fill it in, remove the row, or set `missing` to drop"
  )
  expect_refused(
    gappy_dataset("error", "y,x\n1,2\n3,NA\n"), "train/a.csv line 3, column `x`: a value is missing"
  )
})

test_that("drop removes each row that lacks a value", {
  dataset <- gappy_dataset("drop", paste0(gappy, "13,2,red\n"))
  expect_equal(dataset$train$y, c(1, 5:13))
  expect_equal(dataset$gaps, list(missing_values = list(y = 1L, x = 1L, colour = 1L), dropped_rows = 3L))
  expect_false(any(vapply(dataset$train, anyNA, TRUE)))
})

test_that("too few rows after dropping are refused with the number dropped", {
  expect_refused(gappy_dataset("drop"), "channel train has 9 rows left after dropping 3 with missing values")
})

test_that("impute keeps every row that has a target, and fills in the mean or the most frequent level", {
  dataset <- gappy_dataset("impute")
  expect_equal(dataset$train$y, c(1, 2, 4:12))
  expect_equal(dataset$gaps$dropped_rows, 1L)
  prepared <- prepare(dataset, with_settings(missing = "impute"))
  # Without the row that has no target: x is 5 8 9 1 2 3 4 5 6 3, red occurs in 7 of 10 rows.
  expect_equal(prepared$prototype$features$x$fill, 46 / 10)
  expect_equal(prepared$prototype$features$colour$fill, "red")
  expect_equal(prepared$x[match(c(2, 4), prepared$y), ], cbind(x = c(4.6, 8), colourred = c(1, 1)))
})

test_that("a missing value in a fold is imputed from the other folds", {
  prepared <- prepare(gappy_dataset("impute"), with_settings(missing = "impute"))
  # The rows with y = 1, 2, 5, 6 and 7 have x = 5, none, 9, 1, 2: their mean is 17 / 4.
  filled <- encode_for(prepared, which(prepared$y %in% c(1, 2, 5, 6, 7)))
  expect_equal(filled[prepared$y == 2, "x"], c(x = 17 / 4))
})

test_that("without missing values nothing is encoded twice", {
  full <- gappy_dataset("impute", gsub(",,", ",1,", sub("\n,7", "\n3,7", sub("8,\n", "8,red\n", gappy))))
  prepared <- prepare(full, with_settings(missing = "impute"))
  expect_null(prepared$columns)
  expect_identical(encode_for(prepared, 1:3), prepared$x)
})

test_that("a column without any value is refused, even with impute", {
  text <- paste0("y,x,z\n", paste0(1:12, ",,", 1:12, "\n", collapse = ""))
  expect_refused(gappy_dataset("impute", text), "column `x` has no values in channel train: remove the column")
})

test_that("the log says how many values were missing and how they were handled", {
  gaps <- list(missing_values = list(Ozone = 37L, Solar.R = 7L), dropped_rows = 42L)
  expect_equal(describe_gaps(gaps, "drop"), c("missing values: `Ozone` 37, `Solar.R` 7", "rows dropped: 42"))
  expect_match(describe_gaps(gaps, "impute")[1], "imputed with their mean or most frequent level")
  expect_equal(describe_gaps(list(missing_values = list(), dropped_rows = 0L), "error"), character())
})
