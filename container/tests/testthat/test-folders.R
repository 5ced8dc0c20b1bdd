sources <- normalizePath(file.path("..", "..", "R"))
files_of <- function(folder) list.files(file.path(sources, folder), recursive = TRUE, full.names = TRUE)

# The names that a folder's files define at the top level.
defined_in <- function(folder) {
  defined <- new.env()
  for (file in files_of(folder)) sys.source(file, defined)
  ls(defined)
}

test_that("serve may use model and data, model may use data, and data neither", {
  used_in <- function(folder) unlist(lapply(files_of(folder), function(file) all.names(parse(file))))
  expect_setequal(list.files(sources), c("data", "model", "serve"))
  expect_equal(intersect(used_in("data"), c(defined_in("model"), defined_in("serve"))), character())
  expect_equal(intersect(used_in("model"), defined_in("serve")), character())
  expect_true("predict_model" %in% used_in("serve") && "predict_model" %in% defined_in("model"))
})

test_that("every test file mirrors a source file", {
  tests <- list.files(".", "^test-.*\\.R$", recursive = TRUE)
  tested <- sub("test-", "", setdiff(tests, "test-folders.R"), fixed = TRUE)
  expect_gt(length(tested), 0)
  expect_equal(setdiff(tested, list.files(sources, recursive = TRUE)), character())
})
