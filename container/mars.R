# The main program: `train` and `serve` under SageMaker's contract, in the folder ML_ROOT (by default /opt/ml).
# `entrypoint` runs it as `Rscript mars.R <train|serve> <this folder>`.

ml_path <- function(...) {
  file.path(Sys.getenv("ML_ROOT", "/opt/ml"), ...)
}

# Only the objective's own line may match the metric's pattern, "mse: ", whatever the columns are called.
as_log_line <- function(text) gsub("mse:+", "mse", text)

say <- function(text) {
  cat(as_log_line(text), "\n", sep = "")
  flush(stdout())
}

# R's warnings may quote columns, too.
log_warning <- function(warning) {
  message(as_log_line(paste0("warning: ", conditionMessage(warning))))
  invokeRestart("muffleWarning")
}

# Reads a channel's tables in the order of their paths; NULL if the channel does not exist.
read_channel <- function(channel) {
  folder <- ml_path("input", "data", channel)
  if (!dir.exists(folder)) {
    return(NULL)
  }
  paths <- sort(list.files(folder, recursive = TRUE), method = "radix")
  paths <- paths[grepl("\\.csv(\\.gz)?$", paths, ignore.case = TRUE)]
  if (length(paths) == 0) {
    refuse("channel ", channel, " has no .csv or .csv.gz file")
  }
  cores <- available_cores()
  lapply(paths, function(path) {
    read_table(file.path(folder, path), paste0(channel, "/", path), cores)
  })
}

read_hyperparameters <- function() {
  path <- ml_path("input", "config", "hyperparameters.json")
  text <- if (file.exists(path)) rawToChar(tidy_bytes(read_bytes(path), "hyperparameters.json")) else "{}"
  as_hyperparameters(read_flat_json(text, "hyperparameters.json"))
}

# Writes a file completely or not at all: a job that is stopped midway must not leave half a model.
write_whole <- function(write, ...) {
  path <- ml_path(...)
  dir.create(dirname(path), showWarnings = FALSE, recursive = TRUE)
  unfinished <- paste0(path, ".unfinished")
  write(unfinished)
  if (!file.rename(unfinished, path)) stop("cannot rename ", unfinished)
}

write_json <- function(value, ...) {
  write_whole(function(path) writeLines(as_json(value), path), ...)
}

train <- function() {
  started <- proc.time()[["elapsed"]]
  unlink(ml_path("output", "failure"))
  settings <- read_hyperparameters()
  trained <- train_model(prepare(read_dataset(settings), settings), settings, say, available_cores())
  trained$metrics$seconds <- proc.time()[["elapsed"]] - started
  write_json(as_record(trained$model$prototype, trained$metrics), "model", "prototype.json")
  write_json(trained$metrics, "model", "metrics.json")
  write_whole(function(path) saveRDS(trained$model, path), "model", "model.rds")
  for (line in metric_lines(trained$metrics)) say(line)
  cat("mse: ", as_fixed(trained$metrics$mse), "\n", sep = "")
  flush(stdout())
}

read_dataset <- function(settings) {
  train <- read_channel("train")
  if (is.null(train)) refuse("channel train is missing: it must contain the CSV files to train on")
  dataset <- as_dataset(train, read_channel("validation"), settings$target, settings$missing, fold_rule(settings))
  for (line in describe_gaps(dataset$gaps, settings$missing)) say(line)
  say(sprintf("training on %d rows and %d columns", length(dataset$train[[1]]), length(dataset$train)))
  dataset
}

# SageMaker shows the failure file's first 1,024 characters as the job's FailureReason.
fail <- function(problem) {
  reason <- conditionMessage(problem)
  if (!inherits(problem, "refused")) {
    reason <- paste0("internal error: ", reason, " (in ", deparse(conditionCall(problem), nlines = 1)[1], ")")
  }
  message(as_log_line(reason))
  write_whole(function(path) writeLines(substr(reason, 1, 1000), path), "output", "failure")
  quit(save = "no", status = 1)
}

load_model <- function() {
  path <- ml_path("model", "model.rds")
  if (!file.exists(path)) stop(path, " is missing or not accessible")
  readRDS(path)
}

# Serves behind nginx if `entrypoint` has created a folder for that, else with plumber.
serve <- function(here) {
  run <- Sys.getenv("RETUNE_RUN")
  if (run != "") {
    sys.source(file.path(here, "workers.R"), globalenv())
    return(serve_behind_nginx(here, run))
  }
  routes <- plumber::plumb(file.path(here, "plumber.R"))
  port <- as.integer(Sys.getenv("SAGEMAKER_BIND_TO_PORT", "8080"))
  plumber::pr_run(routes, host = "0.0.0.0", port = port, docs = FALSE, quiet = TRUE)
}

main <- function(verb, here) {
  options(warn = 1)
  for (file in list.files(file.path(here, "R"), recursive = TRUE, full.names = TRUE)) {
    source(file, local = globalenv(), keep.source = FALSE)
  }
  switch(verb,
    train = tryCatch(
      withCallingHandlers(
        {
          load_algorithm(here)
          train()
        },
        warning = log_warning
      ),
      error = fail
    ),
    serve = {
      load_algorithm(here)
      serve(here)
    }
  )
}

if (sys.nframe() == 0L) do.call(main, as.list(commandArgs(trailingOnly = TRUE)))
