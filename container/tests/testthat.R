# Runs the tests of container/R: Rscript container/tests/testthat.R
library(testthat)

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
code <- new.env()
for (file in list.files(file.path(here, "..", "R"), full.names = TRUE)) source(file, local = code)
test_dir(file.path(here, "testthat"), env = code, reporter = "check", stop_on_failure = TRUE)
