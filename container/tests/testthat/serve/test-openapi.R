described <- function(prototype) jsonlite::parse_json(openapi(prototype))

test_that("every route is described, with every type", {
  paths <- described(serving_prototype)$paths
  expect_setequal(names(paths), names(routes))
  expect_setequal(names(paths[["/invocations"]]$post$requestBody$content), data_types)
})

test_that("a record has the model's features, with their levels, and may have the target", {
  record <- described(serving_prototype)$components$schemas$Record
  expect_equal(names(record$properties), c("x", "colour", "y"))
  expect_equal(record$required, list("x", "colour"))
  expect_equal(record$properties$colour, list(type = "string", enum = list("blue", "red")))
  expect_false(record$additionalProperties)
})

test_that("a feature that may be missing may be null", {
  record <- described(filled_prototype())$components$schemas$Record
  expect_equal(record$properties$x$anyOf, list(list(type = "number"), list(type = "null")))
  expect_match(record$properties$colour$description, "counts as blue", fixed = TRUE)
})

test_that("a record may have the column that the prototype ignores", {
  paths <- described(c(serving_prototype, list(ignored = "day")))
  expect_equal(names(paths$components$schemas$Record$properties), c("x", "colour", "y", "day"))
  expect_match(paths$paths[["/invocations"]]$post$description, "which are ignored: `y`, `day`.", fixed = TRUE)
})
