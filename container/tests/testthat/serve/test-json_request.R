bytes_of <- function(text) if (is.raw(text)) text else charToRaw(enc2utf8(text))
json_of <- function(text) read_json_request(bytes_of(text), serving_prototype)$columns
lines_of <- function(text) read_jsonlines_request(bytes_of(text), serving_prototype)$columns

expected <- list(x = list(1L, 2.5), colour = list("red", "blue"))

test_that("records, columns, arrays and instances mean the same", {
  records <- "[{\"x\": 1, \"colour\": \"red\"}, {\"x\": 2.5, \"colour\": \"blue\"}]"
  arrays <- "[[1, \"red\"], [2.5, \"blue\"]]"
  expect_equal(json_of(records), expected)
  expect_equal(json_of(arrays), expected)
  expect_equal(json_of("{\"colour\": [\"red\", \"blue\"], \"x\": [1, 2.5]}"), rev(expected))
  expect_equal(json_of(paste0("{\"instances\": ", records, "}")), expected)
  expect_equal(json_of(paste0(" {\"instances\":", arrays, "}\r\n")), expected)
})

test_that("JSON Lines are records or arrays, and may end with empty lines", {
  expect_equal(lines_of("{\"x\": 1, \"colour\": \"red\"}\n{\"x\": 2.5, \"colour\": \"blue\"}"), expected)
  expect_equal(lines_of("[1, \"red\"]\r\n[2.5, \"blue\"]\r\n\r\n"), expected)
})

test_that("records may differ in order and in having the target", {
  text <- "[{\"x\": 1, \"colour\": \"red\"}, {\"y\": 7, \"colour\": \"blue\", \"x\": 2.5}]"
  expect_equal(json_of(text), expected)
  expect_equal(json_of("[{\"x\": 1, \"y\": null, \"colour\": \"red\"}]")$x, list(1L))
})

test_that("null stays in its place", {
  expect_equal(json_of("[[null, \"red\"], [2, null]]"), list(x = list(NULL, 2L), colour = list("red", NULL)))
  expect_equal(json_of("{\"x\": [null], \"colour\": [\"red\"]}")$x, list(NULL))
})

test_that("a feature that is called instances is a column", {
  prototype <- as_prototype(list(y = 1:3, instances = c(1, 2, 3)), "y")
  table <- read_json_request(charToRaw("{\"instances\": [1, 2]}"), prototype)
  expect_equal(table$columns, list(instances = list(1L, 2L)))
})

test_that("members that do not match the model are refused", {
  expect_refused(json_of("[{\"x\": 1}]"), "row 1: `colour` is missing")
  expect_refused(json_of("[[1, \"red\"], [1]]"), "row 2 has 1 value, but the model expects 2: `x`, `colour`")
  expect_refused(
    json_of("[{\"x\": 1, \"colour\": \"red\"}, {\"x\": 1, \"Colour\": \"red\"}]"),
    "row 2: the model has no feature \"Colour\": did you mean `colour`?"
  )
  expect_refused(json_of("[{\"x\": 1, \"x\": 2, \"colour\": \"red\"}]"), "row 1: `x` occurs twice")
  expect_refused(json_of("{\"x\": [1]}"), "`colour` is missing")
  expect_refused(json_of("{\"y\": [1]}"), "`x`, `colour` are missing")
  expect_refused(json_of("{\"x\": 1, \"colour\": [\"red\"]}"), "column `x` must be an array")
  expect_refused(json_of("{\"x\": [1, 2], \"colour\": [\"red\"]}"), "column `colour` has 1 value, but `x` has 2")
  expect_refused(json_of("{\"x\": [1], \"colour\": [\"red\"], \"y\": []}"), "column `y` has 0 values, but `x` has 1")
})

test_that("a request without rows is refused", {
  for (text in c("[]", "{\"instances\": []}", "{\"x\": [], \"colour\": []}")) {
    expect_refused(json_of(text), "the request has no rows")
  }
  expect_refused(lines_of("\n"), "the request has no rows")
  for (text in c("1", "null", "\"x\"", "{\"instances\": 1}", "{\"instances\": {\"x\": [1]}}")) {
    expect_refused(json_of(text), "must be an array of rows, an object of columns")
  }
  expect_refused(json_of("[1, \"red\"]"), "row 1 must be an object or an array, not 1")
  expect_refused(json_of("[null]"), "row 1 must be an object or an array, not null")
  expect_refused(json_of("[[1, \"red\"], {\"x\": 1}]"), "row 2 is an object, unlike row 1")
})

test_that("malformed JSON is refused, with its line in JSON Lines", {
  for (text in c("", "[1,]", "[NaN]", "[01]", "[[1, \"red\"]] x", "{\"x\" 1}", "['a']", strrep("[", 1e5))) {
    expect_refused(json_of(text), "the request is not JSON")
  }
  for (width in 0:40) {
    text <- paste0("[null], [", strrep("1", width), "\"", strrep("\u00e9", 20), "\"]")
    expect_error(json_of(text), "^the request is not JSON: [a-z: ]+$", class = "refused")
  }
  expect_refused(lines_of("[1, \"red\"]\n[1\n"), "line 2 is not JSON")
  expect_refused(lines_of("[1, \"red\"]\n\n[1, \"red\"]\n"), "line 2 is not JSON")
  expect_refused(lines_of("[1, \"red\"],[1, \"red\"]\n"), "line 1 is not JSON")
})

test_that("bytes that are not text are refused, a byte order mark is accepted", {
  for (bytes in list(as.raw(c(0x5b, 0, 0x5d)), as.raw(c(0x22, 0xe9, 0x22)), as.raw(0))) {
    expect_refused(json_of(bytes), "the request is not UTF-8 text")
  }
  expect_equal(json_of(c(as.raw(c(0xef, 0xbb, 0xbf)), charToRaw("[[1, \"red\"], [2.5, \"blue\"]]"))), expected)
})

test_that("a byte order mark anywhere but at the start is refused", {
  mark <- as.raw(c(0xef, 0xbb, 0xbf))
  row <- charToRaw("[1, \"red\"]\n")
  expect_refused(lines_of(c(row, mark, row)), "line 2 is not JSON")
  expect_refused(json_of(c(mark, mark, charToRaw("[[1, \"red\"]]"))), "the request is not JSON")
})

test_that("escapes are read, halves of surrogate pairs are refused", {
  expect_equal(json_of("[[1, \"\\u0072ed\"]]")$colour, list("red"))
  expect_equal(json_of("[[1, \"\\ud83d\\ude00\"]]")$colour, list("\U1F600"))
  expect_equal(json_of("[[1, \"\\\\ud83d\"]]")$colour, list("\\ud83d"))
  for (half in c("\\ud83d", "\\ude00", "\\ud83d\\u0041", "\\ude00\\ud83d", "\\\\\\ud83d")) {
    expect_refused(json_of(paste0("[[1, \"", half, "\"]]")), "half of a UTF-16 surrogate pair")
  }
})

test_that("the column that the prototype ignores may be there, whatever its value", {
  ignoring <- c(serving_prototype, list(ignored = "day"))
  read <- function(text) read_json_request(charToRaw(text), ignoring)$columns[c("x", "colour")]
  plain <- read("[{\"x\": 1, \"colour\": \"red\"}]")
  for (day in c("\"2024-01-31\"", "null", "7", "{\"of\": \"June\"}")) {
    expect_equal(read(paste0("[{\"day\": ", day, ", \"x\": 1, \"colour\": \"red\"}]")), plain)
  }
  expect_equal(read("{\"x\": [1], \"day\": [2], \"colour\": [\"red\"]}"), plain)
})
