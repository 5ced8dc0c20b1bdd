# Every file here is large enough for the fast reader; whatever it is not sure about goes to the strict one.
file_of_rows <- function(header, row, at = NULL, instead = NULL, end = "\n", times = 40000, name = "a.csv") {
  lines <- rep(row, times)
  if (!is.null(at)) lines[at] <- instead
  path <- file.path(tempfile(), name)
  dir.create(dirname(path))
  writeBin(charToRaw(paste0(paste0(c(header, lines), end), collapse = "")), path)
  path
}

strictly <- function(path, name) type_table(as_table(parse_csv(read_bytes(path), name)))

expect_same_as_strict <- function(path, fast = TRUE) {
  expect_equal(!is.null(read_fast(path, "train/a.csv")), fast)
  expect_equal(read_table(path, "train/a.csv"), strictly(path, "train/a.csv"))
}

test_that("a big clean file is read fast, with the same result as the strict reader's", {
  expect_same_as_strict(file_of_rows("x,a b,colour", "1.5,-2e3,red", 7, "7,.25,dark blue"))
  expect_same_as_strict(file_of_rows("x,y,colour", "1.5,2,red", 7, "7,4,\"red, blue\"", end = "\r\n"))
  expect_same_as_strict(file_of_rows("x,y,flag", "1,2,TRUE", 9, "1,2,false"))
  expect_same_as_strict(file_of_rows("day,y,code", "2024-01-31,2,x1", 3, "2024-02-01,3,x2"))
  expect_same_as_strict(file_of_rows("\ufeffx,y,z", "1,2,3"))
  expect_same_as_strict(file_of_rows("x,y,\u00fcber", "1,2,gr\u00fcn"))
})

test_that("both readers agree on missing values", {
  expect_same_as_strict(file_of_rows("x,y,colour", "1.5,2,red", 5:7, c(",NA,", "NaN,2,NA", "N/A,null,red")))
  expect_same_as_strict(file_of_rows("x,y,z", "1.5,2,"))
})

test_that("a file that the fast reader would silently repair is read strictly", {
  expect_same_as_strict(file_of_rows("x,y,colour", "1.5,2,red", 7, "7,4,\"say \"\"red\"\"\""), fast = FALSE)
  expect_same_as_strict(file_of_rows("x,y,z", "1,2,3", 7, ""), fast = FALSE)
})

test_that("a big file is refused like a small one, with its line", {
  refused <- function(message, ...) expect_refused(read_table(file_of_rows(...), "train/a.csv"), message)
  refused("line 8, column `x`: \"-\" is not a number, unlike other", "x,y,z", "1,2,3", 7, "-,2,3")
  refused("line 8, column `x`: \"0x1F\" is not a number", "x,y,z", "1,2,3", 7, "0x1F,2,3")
  refused("line 8, column `x`: \"1e999\" is too large", "x,y,z", "1,2,3", 7, "1e999,2,3")
  refused("line 40001 has 2 fields", "x,y,z", "1,2,3", 40000, "1,2")
  refused("line 9 has 4 fields", "x,y,z", "1,2,3", 8, "1,2,3,4")
  refused("the header has 2 fields, but every row has 3", "x,y", "1,2,3")
  refused("is separated by \";\"", "x;y;z", "1;2;3")
  refused("a quote is not closed", "x,y,z", "1,2,a", 7, "1,2,\"a")
  refused("names `x` twice", "x,y,x", "1,2,3")
  refused("column 2 has no name", "x,,z", "1,2,3")
})

test_that("bytes that are not UTF-8 text are refused", {
  path <- file_of_rows("x,y,z", "1,2,a")
  corrupt <- function(byte) {
    bytes <- read_bytes(path)
    bytes[1000] <- as.raw(byte)
    writeBin(bytes, path)
  }
  corrupt(0xe9)
  expect_refused(read_table(path, "train/a.csv"), "is not UTF-8 (perhaps Latin-1)")
  corrupt(0)
  expect_refused(read_table(path, "train/a.csv"), "control characters")
  writeBin(c(as.raw(c(0xff, 0xfe)), read_bytes(path)), path)
  expect_refused(read_table(path, "train/a.csv"), "UTF-16")
})

test_that("a gzipped file is read like the plain one, and refused if it is cut off", {
  path <- file_of_rows("x,y,colour", "1.5,2,red")
  packed_path <- tempfile(fileext = ".csv.gz")
  connection <- gzfile(packed_path, "wb")
  writeBin(read_bytes(path), connection)
  close(connection)
  expect_equal(read_table(packed_path, "train/a.csv.gz")$columns, strictly(path, "train/a.csv")$columns)
  writeBin(utils::head(read_bytes(packed_path), -20), packed_path)
  expect_refused(read_table(packed_path, "train/a.csv.gz"), "is cut off")
})
