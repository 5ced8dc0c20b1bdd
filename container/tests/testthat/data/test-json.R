test_that("jsonlite reads the JSON that we write", {
  value <- list(
    a = 1.5, "b \"c\"" = "tab\t, back\\slash, é, \u0001", yes = TRUE,
    many = list(1, 2), inner = list(x = "y")
  )
  expect_equal(jsonlite::fromJSON(as_json(value), simplifyVector = FALSE), value)
})

test_that("numbers keep 17 digits", {
  expect_equal(as_json(0.1), "0.10000000000000001")
  expect_equal(as_json(5L), "5")
})

test_that("what is not finite is null", {
  for (value in list(NA, NA_real_, NaN, Inf)) expect_equal(as_json(value), "null")
})

test_that("we read the JSON that jsonlite writes", {
  values <- list(
    plain = "x", quote = "a \"b\" \\ c", control = "a\nb\t\u0002", unicode = "é 😀", empty = "", colon = "{a: 1,}"
  )
  text <- jsonlite::toJSON(values, auto_unbox = TRUE)
  expect_equal(read_flat_json(text, "h.json"), values)
  expect_equal(read_flat_json("{}", "h.json"), stats::setNames(list(), character()))
})

test_that("other writers' escapes are read, surrogate pairs included", {
  read <- read_flat_json("{ \"a\" : \"\\u00e9\\/\\ud83d\\ude00\",\n \"b\":3, \"c\" : true }", "h.json")
  expect_equal(read, list(a = "é/😀", b = "3", c = "true"))
})

test_that("JSON that is not a flat object is refused", {
  broken <- c("", "[]", "{", "{'a'}", "{'a':}", "{'a':{}}", "{'a':1,}", "{'a':'b}", "{a:1}", "{'a':1} x", "''")
  for (text in broken) {
    expect_refused(read_flat_json(gsub("'", "\"", text), "h.json"), "h.json must be a single JSON object with strings")
  }
})
