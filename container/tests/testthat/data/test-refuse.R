test_that("a near name is suggested, a far one is not", {
  expect_equal(suggest("degre", c("degree", "thresh")), "did you mean `degree`? Known are `degree`, `thresh`")
  expect_equal(suggest("colour", c("degree", "thresh")), "known are `degree`, `thresh`")
})

test_that("many names are cut short", {
  expect_equal(quote_names(letters[1:4], at_most = 2L), "`a`, `b` and 2 more")
})

test_that("foreign text stands quoted on one line", {
  expect_equal(quote_text("a\nb"), "\"a\\nb\"")
  expect_lt(nchar(quote_text(strrep("x", 1000))), 50)
})
