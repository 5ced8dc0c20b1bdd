test_that("a similar name is suggested, a different one is not", {
  expect_equal(suggest("degre", c("degree", "thresh")), "did you mean `degree`? Expected one of `degree`, `thresh`")
  expect_equal(suggest("colour", c("degree", "thresh")), "expected one of `degree`, `thresh`")
})

test_that("a quantity of one is singular", {
  expect_equal(quantity(1L, "field"), "1 field")
  expect_equal(quantity(0L, "field"), "0 fields")
  expect_equal(quantity(100000L, "field"), "100000 fields")
})

test_that("a long list of names is shortened", {
  expect_equal(quote_names(letters[1:4], at_most = 2L), "`a`, `b` and 2 more")
})

test_that("text from outside is quoted on one line", {
  expect_equal(quote_text("a\nb"), "\"a\\nb\"")
  expect_lt(nchar(quote_text(strrep("x", 1000))), 50)
})
