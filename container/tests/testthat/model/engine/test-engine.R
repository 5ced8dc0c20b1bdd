test_that("the engine follows from the size alone", {
  expected <- if (has_compiled()) "compiled" else "earth"
  expect_equal(engine_for("auto", 100, 5), expected)
  expect_equal(engine_for("mda", 1e6, 100), "mda")
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
  refused("earth", "`nprune` must not be above `nk`, which is 5, not 9", nprune = 9, nk = 5)
  refused("compiled", "`minspan` must be below the number of rows, 50, not 50", minspan = 50)
  expect_null(check_settings("earth", with_settings(minspan = 49, nprune = 5, nk = 5), rows = 50))
})
