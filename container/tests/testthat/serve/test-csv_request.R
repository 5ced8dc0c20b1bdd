cells_of <- function(...) read_csv_request(charToRaw(paste0(...)), serving_prototype)$columns

test_that("columns are found by name, and may include the target", {
  columns <- cells_of("colour,y,x\nred,9,1\nblue,,2")
  expect_equal(columns, list(colour = c("red", "blue"), y = c("9", ""), x = c("1", "2")))
})

test_that("without a header the fields are in training order", {
  expect_equal(cells_of("1,red\n2,\"blue\"\n\n"), list(x = c("1", "2"), colour = c("red", "blue")))
})

test_that("a first record of column names is a header, one without any is a row", {
  expect_equal(cells_of("x,colour\n1,red\n")$x, "1")
  expect_equal(cells_of("X,Colour\n")$x, "X")
})

test_that("a header that does not match the model is refused", {
  expect_refused(cells_of("x,Colour\n1,red\n"), "the model has no feature \"Colour\": did you mean `colour`?")
  expect_refused(cells_of("x,7\n"), "the model has no feature \"7\"")
  expect_refused(cells_of("x\n1\n"), "the header lacks `colour`")
  expect_refused(cells_of("y\n1\n"), "the header lacks `x`, `colour`")
  expect_refused(cells_of("x,colour,x\n1,red,1\n"), "the header names `x` twice")
  expect_refused(cells_of("x,colour\n"), "a header but no rows")
})

test_that("rows of the wrong length are refused, including empty lines in between", {
  expect_refused(cells_of("1,red\n2\n"), "row 2 has 1 field,")
  expect_refused(cells_of("1,red\n\n2,red\n"), "row 2 has 1 field,")
  expect_refused(cells_of("x,colour\n1,red,3\n"), "row 1 has 3 fields, but the header has 2: `x`, `colour`")
  expect_refused(cells_of("9,1,red\n"), "row 1 has 3 fields, but a request without a header needs 2: `x`, `colour`")
  expect_refused(cells_of(""), "the request is empty")
  expect_refused(cells_of("\n\n"), "the request is empty")
})

test_that("with a single column, an empty line is a missing value, not the end", {
  single <- as_prototype(list(y = 1:3, x = 1:3), "y")
  expect_equal(read_csv_request(charToRaw("1\n\n3\n\"\"\n"), single)$columns$x, c("1", "", "3", ""))
})

test_that("the fast parser gives the same result as the strict one", {
  for (text in c("a", "a\n", ",\n", "a,b\nc,d", "\n", "a\n\nb", ",,\n,", "é,ß\n", "a,\n,b\n\n")) {
    bytes <- charToRaw(text)
    expect_equal(split_csv(bytes, "r"), parse_csv(bytes, "r"), info = text)
  }
})

test_that("text that the fast parser cannot split goes to the strict one", {
  expect_equal(split_csv(charToRaw("\"a,b\"\r\nc\r\n"), "r")$fields, c("a,b", "c"))
  expect_equal(split_csv(as.raw(c(0xef, 0xbb, 0xbf, 0x61)), "r")$fields, "a")
  expect_refused(split_csv(as.raw(c(0x61, 0, 0x61)), "r"), "control characters")
  expect_refused(split_csv(as.raw(c(0x61, 0xe9)), "r"), "is not UTF-8")
})

test_that("the column that the prototype ignores may be in the header, and decides that there is one", {
  ignoring <- c(serving_prototype, list(ignored = "day"))
  read <- function(text) read_csv_request(charToRaw(text), ignoring)$columns[c("x", "colour")]
  expect_equal(read("x,day,colour\n1,2024-01-31,red\n"), read("x,colour\n1,red\n"))
  expect_equal(read("x,colour\n1,red\n"), read("1,red\n"))
  expect_refused(read("day\n1\n"), "the header lacks `x`, `colour`")
  expect_refused(cells_of("x,day,colour\n1,2024-01-31,red\n"), "the model has no feature \"day\"")
})
