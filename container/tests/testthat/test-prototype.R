columns <- list(y = c(1, 2, 3), x = c(5, -1, 2.5), colour = c("red", "blue", "Zinc"))
prototype <- as_prototype(columns, "y")

test_that("the prototype keeps names, types, ranges and levels, but not the target", {
  expect_equal(prototype$target, "y")
  expect_equal(prototype$features$x, list(type = "number", min = -1, max = 5))
  expect_equal(prototype$features$colour, list(type = "factor", levels = c("Zinc", "blue", "red")))
})

test_that("factors are encoded as R's own treatment contrasts", {
  frame <- data.frame(x = columns$x, colour = factor(columns$colour, levels = c("Zinc", "blue", "red")))
  expected <- stats::model.matrix(~ x + colour, frame)[, -1]
  encoded <- encode(columns, prototype)
  expect_equal(unname(encoded), unname(expected), ignore_attr = TRUE)
  expect_equal(colnames(encoded), colnames(expected))
})

test_that("rows are encoded with the prototype's levels, not with their own", {
  encoded <- encode(list(x = 1, colour = "red"), prototype)
  expect_equal(unname(encoded), matrix(c(1, 0, 1), nrow = 1))
})

test_that("a factor of one level becomes no column", {
  constant <- list(y = 1:2, x = c(1, 2), only = c("a", "a"))
  expect_equal(colnames(encode(constant, as_prototype(constant, "y"))), "x")
})

test_that("levels are an array in the record, also when there is one", {
  record <- as_record(as_prototype(list(y = 1, only = "a"), "y"))
  expect_equal(jsonlite::fromJSON(as_json(record), simplifyVector = FALSE)$features$only$levels, list("a"))
})
