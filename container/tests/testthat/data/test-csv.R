parse <- function(text) parse_csv(charToRaw(text), "a.csv")

test_that("fields, counts and lines of plain records are kept as written", {
  csv <- parse("x,y\n1, 2\n,\n")
  expect_equal(csv$fields, c("x", "y", "1", " 2", "", ""))
  expect_equal(csv$counts, c(2L, 2L, 2L))
  expect_equal(csv$lines, 1:3)
})

test_that("commas, line feeds and doubled quotes within quotes are part of the field", {
  csv <- parse("x,\"a,b\"\r\n\"1\n2\",\"say \"\"hi\"\"\"\r\n3,\"\"\r\n")
  expect_equal(csv$fields, c("x", "a,b", "1\n2", "say \"hi\"", "3", ""))
  expect_equal(csv$counts, c(2L, 2L, 2L))
  expect_equal(csv$lines, c(1L, 2L, 4L))
})

test_that("it reads what write.csv writes", {
  frame <- data.frame(n = c(1.5, -2, 1e-9), t = c("é, è", "a \"b\" c", "two\nlines"), check.names = FALSE)
  path <- tempfile()
  utils::write.csv(frame, path, row.names = FALSE, fileEncoding = "UTF-8")
  columns <- as_table(parse_csv(readBin(path, "raw", 1e4), "a.csv"))$columns
  expect_equal(columns$t, frame$t)
  expect_equal(as.numeric(columns$n), frame$n)
})

test_that("a quote that is never closed is refused with the line that opens it", {
  expect_refused(parse("x,y\n1,a\n2,\"b\n3,c\n"), "a.csv line 3: a quote is not closed")
  expect_refused(parse("x,y\n1,\"a\n2,\"b\"\n3,\"c\"\n"), "a.csv line 2: a quote is not closed")
  expect_refused(parse("x,y\n1,5\" tall\n"), "a.csv line 2")
  expect_refused(parse("\""), "a.csv line 1")
})

test_that("a carriage return without a line feed is refused, unless it is within quotes", {
  for (text in c("x,y\n1,2\r3,4\n", "x,y\r\n1,2\r\r\n", "x,y\n1,\rnull\n")) {
    expect_refused(parse(text), "line 2 has a carriage return without a line feed")
  }
  expect_refused(parse("x,y\r1,2\r"), "line 1 has a carriage return without a line feed")
  expect_equal(parse("x,y\n1,\"a\rb\"\n")$fields[4], "a\rb")
})

test_that("blank lines are dropped everywhere or only at the end", {
  csv <- parse("x\n\n1\n\n\n")
  expect_equal(drop_blank(csv)$fields, c("x", "1"))
  expect_equal(drop_blank(csv, only_last = TRUE)$fields, c("x", "", "1"))
  expect_equal(drop_blank(csv)$lines, c(1L, 3L))
})

test_that("an empty file has no records", {
  expect_length(parse("")$counts, 0)
})
