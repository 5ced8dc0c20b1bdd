test_that("equal rows have equal keys, and others have not", {
  columns <- list(a = c(1, 1, 1, 2, 1), b = c("x", "x", "y", "x", NA))
  keys <- row_keys(columns)
  expect_identical(keys[1], keys[2])
  expect_length(unique(keys), 4)
})

test_that("zero has one key whatever its sign, and so has a missing number", {
  expect_length(unique(row_keys(list(a = c(0, -0)))), 1)
  expect_length(unique(row_keys(list(a = c(NA, NaN)))), 1)
})

test_that("numbers that differ in the last bit have different keys", {
  expect_length(unique(row_keys(list(a = c(1, 1 + .Machine$double.eps, 1e300, -1, 5e-324, 0)))), 6)
})

test_that("a hundred thousand rows have as many keys", {
  grid <- expand.grid(a = seq(0, 1, length.out = 100), b = 1:100, c = c(-3, 0.1, 7:14))
  expect_length(unique(row_keys(as.list(grid))), 1e5)
})

test_that("text counts by its characters, whatever its encoding", {
  latin <- iconv("é", "UTF-8", "latin1")
  expect_identical(row_keys(list(a = latin)), row_keys(list(a = "é")))
  expect_length(unique(row_keys(list(a = c("", "a", "aa", NA, "NA")))), 5)
})
