typed <- function(...) {
  type_column(table_of("x,y\n", paste0(c(...), ",0\n", collapse = "")), "x")
}

test_that("decimal numbers in every common notation are numbers", {
  expect_equal(typed("1", "-2.5", "+.5", "1.", "1e3", "2E-2", " 7 "), c(1, -2.5, 0.5, 1, 1000, 0.02, 7))
})

test_that("other text that R itself accepts as numbers is not", {
  words <- c("0x1F", "Inf", "NaN", "1e", "1d5", "1L", "TRUE", "1 2", "-", ".", "")
  expect_true(all(is.na(as_numbers(words))))
})

test_that("a column without numbers stays text", {
  expect_equal(typed("a", "TRUE", "-"), c("a", "TRUE", "-"))
})

test_that("one stray cell among numbers is refused with file, line, column and cell", {
  expect_refused(typed("1", "-", "3"), "train/a.csv line 3, column `x`: \"-\" is not a number")
  expect_refused(typed("1", "\"1,234\"", "3"), "\"1,234\" is not a number")
})

test_that("missing cells are NA, among numbers and among text", {
  for (word in c("", "NA", "NaN", "N/A", " ", "null")) {
    expect_equal(typed("1", word, "3"), c(1, NA, 3))
    expect_equal(typed("a", word, "b"), c("a", NA, "b"))
  }
  expect_equal(typed("", "NA"), c(NA, NA))
})

test_that("a number too large for R is refused", {
  expect_refused(typed("1", "1e999"), "train/a.csv line 3, column `x`: \"1e999\" is too large to represent")
})
