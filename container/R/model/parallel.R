# Runs independent tasks in forked processes, which share the memory that they only read.

# Forking pays off if the feature matrix has at least this many cells.
parallel_cells <- 200000

# The number of cores that this process may use: SageMaker's SM_NUM_CPUS, else those that the kernel lets it run on.
available_cores <- function() {
  told <- suppressWarnings(as.integer(Sys.getenv("SM_NUM_CPUS")))
  if (is.na(told) || told < 1) max(1L, length(parallel::mcaffinity(NULL))) else told
}

# Calls each function and returns their values. An error in one of them is raised here, as if it had been called in
# this process.
run_tasks <- function(tasks, cores) {
  if (cores < 2) {
    return(lapply(tasks, function(task) task()))
  }
  gc(verbose = FALSE) # so that the processes do not each hold on to this one's garbage
  done <- parallel::mclapply(
    tasks, function(task) tryCatch(list(value = task()), error = identity),
    mc.cores = min(cores, length(tasks)), mc.preschedule = FALSE, mc.allow.recursive = FALSE
  )
  for (result in done) {
    if (inherits(result, "condition")) stop(result)
    if (!is.list(result)) refuse("a process was killed, most likely because memory ran out: use a larger instance")
  }
  lapply(done, `[[`, "value")
}
