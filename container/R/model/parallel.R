# Independent work on several cores, by forking: nothing is copied that is only read.

# Forking a process pays above so many numbers in the feature matrix.
parallel_cells <- 200000

# How many cores this process may use: what SageMaker says, else what the kernel lets it run on.
available_cores <- function() {
  told <- suppressWarnings(as.integer(Sys.getenv("SM_NUM_CPUS")))
  if (is.na(told) || told < 1) max(1L, length(parallel::mcaffinity(NULL))) else told
}

# The value of each function. A condition that one of them ends with is raised here, as if there were no
# processes.
run_tasks <- function(tasks, cores) {
  if (cores < 2) {
    return(lapply(tasks, function(task) task()))
  }
  gc(verbose = FALSE) # what is free now need not be held by every process
  done <- parallel::mclapply(
    tasks, function(task) tryCatch(list(value = task()), error = identity),
    mc.cores = min(cores, length(tasks)), mc.preschedule = FALSE, mc.allow.recursive = FALSE
  )
  for (result in done) {
    if (inherits(result, "condition")) stop(result)
    if (!is.list(result)) refuse("a process was killed, mostly for want of memory: use a larger instance")
  }
  lapply(done, `[[`, "value")
}
