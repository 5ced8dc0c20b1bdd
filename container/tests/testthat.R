# Runs the tests of container/R, one folder at a time: Rscript container/tests/testthat.R
library(testthat)

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
tests <- file.path(here, "testthat")
sources <- file.path(here, "..", "R")
code <- new.env()
for (file in list.files(sources, recursive = TRUE, full.names = TRUE)) source(file, local = code)
invisible(code$load_algorithm(file.path(here, "..")))
invisible(source_test_helpers(tests, env = code))

# testthat does not look into subfolders. A folder without tests is an error.
run_folder <- function(name) {
  cat(name, "\n")
  folder <- file.path(tests, name)
  on.exit(unlink(file.path(folder, "testthat-problems.rds"))) # the reporter writes it
  as.data.frame(test_dir(folder, env = code, reporter = "check", stop_on_failure = FALSE))
}

results <- do.call(rbind, lapply(c(".", setdiff(list.dirs(sources, full.names = FALSE), "")), run_folder))
quit(save = "no", status = as.integer(any(results$failed > 0, results$error)))
