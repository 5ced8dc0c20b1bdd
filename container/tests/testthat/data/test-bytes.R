gzip <- function(text) {
  path <- tempfile(fileext = ".gz")
  connection <- gzfile(path, "wb")
  writeBin(charToRaw(text), connection)
  close(connection)
  readBin(path, "raw", file.size(path))
}

test_that("gzipped bytes are decompressed", {
  text <- strrep("x,y\n1,2\n", 3000)
  expect_identical(unpack(gzip(text), "a.CSV.GZ"), charToRaw(text))
})

test_that("a gzip file that is cut off is refused", {
  packed <- gzip(paste(runif(5000), collapse = "\n"))
  expect_refused(unpack(packed[seq_len(length(packed) - 20)], "a.csv.gz"), "a.csv.gz is cut off")
})

test_that("the name must say whether a file is gzipped", {
  expect_refused(unpack(gzip("x"), "a.csv"), "a.csv is gzipped: rename it to .csv.gz")
  expect_refused(unpack(charToRaw("x"), "a.csv.gz"), "a.csv.gz is not gzipped: rename it to .csv")
})

test_that("a byte order mark and carriage returns are removed, a missing last line feed is added", {
  marked <- c(as.raw(c(0xef, 0xbb, 0xbf)), charToRaw("x,y\r\n1,2"))
  expect_identical(rawToChar(tidy_bytes(marked, "a.csv")), "x,y\n1,2\n")
})

test_that("a file that is not UTF-8 text is refused with its name and line", {
  expect_refused(tidy_bytes(as.raw(c(0xff, 0xfe, 0x78, 0x00)), "a.csv"), "a.csv is encoded as UTF-16")
  expect_refused(tidy_bytes(as.raw(c(0x78, 0x00, 0x0a)), "a.csv"), "it is not a text file")
  latin <- c(charToRaw("x,y\n1,caf"), as.raw(0xe9), charToRaw("\n"))
  expect_refused(tidy_bytes(latin, "a.csv"), "a.csv line 2 is not UTF-8")
})
