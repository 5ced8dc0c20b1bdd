test_that("the engine follows from the size alone", {
  expected <- if (has_compiled()) "compiled" else "earth"
  expect_equal(engine_for("auto"), expected)
  expect_equal(engine_for("mda"), "mda")
})

test_that("more columns or an expensive engine have the knots searched on fewer rows", {
  expect_equal(search_rows("mda", 10, defaults), 10000)
  expect_equal(search_rows("mda", 100, defaults), 3000) # 300,000 numbers
  expect_equal(search_rows("compiled", 10, defaults), 50000)
  expect_equal(search_rows("compiled", 100, defaults), 20000) # 2,000,000 numbers
  expect_equal(search_rows("compiled", 1e6, defaults), 10000)
  expect_equal(search_rows("earth", 100, with_settings(max_search_rows = 20000)), 20000)
})

test_that("what an engine does not know, and what cannot be, is refused", {
  refused <- function(engine, message, ...) {
    expect_refused(check_settings(engine, with_settings(...), rows = 50), message)
  }
  refused("mda", "the engine mda has no `minspan`", minspan = 3)
  refused("mda", "the engine mda has no `nprune`", nprune = 3)
  refused("earth", "`nk` must be at most 1000 for the engine earth, not 1001", nk = 1001)
  refused("earth", "`nprune` must be at most `nk`, 5, not 9", nprune = 9, nk = 5)
  expect_null(check_settings("earth", with_settings(minspan = 49, nprune = 5, nk = 5), rows = 50))
})

test_that("more terms than rows, and spans as wide as all rows, are refused", {
  refused <- function(message, ..., rows = 50) {
    expect_refused(check_settings("compiled", with_settings(...), rows), message)
  }
  refused("`nk` must be at most 50, not 51: knots are searched on 50 rows", nk = 51)
  refused("`nprune` must be at most 50, not 51: knots are searched on 50 rows", nprune = 51)
  refused("`minspan` must be at most 49, not 50: knots are searched on 50 rows", minspan = 50)
  refused("`endspan` must be at most 99999, not 100000: knots are searched on 100000 rows", endspan = 1e5, rows = 1e5)
  expect_null(check_settings("compiled", with_settings(nk = 50, nprune = 50, minspan = 49, endspan = 49), rows = 50))
})

test_that("the rows that count are those that knots are searched on", {
  x <- matrix(seq_len(300), ncol = 1)
  settings <- with_settings(engine = "earth", max_search_rows = 100, endspan = 100)
  expect_refused(fit_model(x, sin(x[, 1]), settings), "knots are searched on 100 rows")
})

test_that("values that a package cannot fit are refused with its reason", {
  stops <- function(x) stop("assertion failed\nin its own code")
  expect_refused(
    fit_by_package("earth", stops, list(x = 1)), "the engine earth cannot fit these values (assertion failed): use"
  )
})
