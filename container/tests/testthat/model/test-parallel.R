test_that("tasks give the same results in one process and in several", {
  tasks <- lapply(1:5, function(i) function() i^2)
  expect_equal(run_tasks(tasks, 1), as.list((1:5)^2))
  expect_equal(run_tasks(tasks, 2), as.list((1:5)^2))
})

test_that("a refusal in one of several processes is raised in the parent", {
  tasks <- list(function() 1, function() refuse("not this"))
  for (cores in 1:2) expect_refused(run_tasks(tasks, cores), "not this")
})

test_that("a process that was killed is reported", {
  tasks <- list(function() 1, function() tools::pskill(Sys.getpid(), tools::SIGKILL))
  expect_refused(suppressWarnings(run_tasks(tasks, 2)), "a process was killed, most likely because memory ran out")
})

test_that("the number of cores is SageMaker's, else what the kernel allows", {
  withr::with_envvar(c(SM_NUM_CPUS = "7"), expect_equal(available_cores(), 7))
  withr::with_envvar(c(SM_NUM_CPUS = "none"), expect_equal(available_cores(), length(parallel::mcaffinity(NULL))))
})

test_that("folds give the same measurements in several processes as in one", {
  seed_generator(1)
  x <- matrix(stats::runif(parallel_cells), ncol = 100)
  data <- list(x = x, y = x[, 1] + 2 * pmax(x[, 2] - 0.5, 0), keys = seq_len(nrow(x)))
  quick <- with_settings(nk = 5, folds = 2)
  measure <- function(cores) fit_folds(data, quick, function(text) NULL, cores, TRUE)
  expect_equal(measure(2), measure(1))
})
