rows <- data.frame(x = 1:12, colour = rep(c("red", "blue"), 6), y = c(3, 1, 2, 5, 4, 6, 9, 7, 8, 12, 11, 10))

dataset_of <- function(train, validation = NULL, target = "y", missing = "error") {
  held_out <- if (!is.null(validation)) list(typed_table_of(csv_text(validation), name = "validation/v.csv"))
  as_dataset(list(typed_table_of(csv_text(train))), held_out, target, missing)
}

test_that("both channels are typed together and then separated again", {
  dataset <- dataset_of(rows, rows[1:2, c("y", "colour", "x")])
  expect_equal(dataset$train, as.list(rows))
  expect_equal(dataset$validation, list(x = c(1, 2), colour = c("red", "blue"), y = c(3, 1)))
})

test_that("several files make one channel", {
  parts <- lapply(list(rows[1:5, ], rows[6:12, ]), function(part) typed_table_of(csv_text(part)))
  dataset <- as_dataset(parts, NULL, "y")
  expect_equal(dataset$train, as.list(rows))
  expect_null(dataset$validation)
})

test_that("a target that cannot be learnt is refused", {
  expect_refused(
    dataset_of(rows, target = "Y"), "`target` is `Y`, but the data has no such column: did you mean `y`?"
  )
  expect_refused(dataset_of(rows, target = "colour"), "the target `colour` is text (\"red\")")
  expect_refused(dataset_of(transform(rows, y = 4)), "the target `y` is 4 in every row")
})

test_that("too few rows and no features are refused", {
  expect_refused(dataset_of(rows[1:9, ]), "channel train has 9 rows: at least 10 are needed")
  expect_refused(dataset_of(rows["y"]), "has no feature besides the target `y`")
  expect_refused(dataset_of(rows, rows[0, ]), "channel validation has no rows")
})

test_that("a level that only the validation channel has is refused", {
  strange <- transform(rows[1:3, ], colour = c("red", "green", "blue"))
  expect_refused(dataset_of(rows, strange), "validation/v.csv line 3, column `colour`: \"green\" is a level")
})

test_that("a target whose objective does not fit 32 bits is refused with the unit to divide by", {
  for (scale in c(1e20, 1e300)) {
    message <- paste0("divide the column by ", scale)
    expect_refused(check_spread(scale * c(-1, 0, 1.5, 2), "y"), message)
  }
  expect_refused(check_spread(c(1, 2, 3) * 1e-20, "y"), "divide the column by 1e-20")
  expect_null(check_spread(c(1, 2, 3) * 1e14, "y"))
})
