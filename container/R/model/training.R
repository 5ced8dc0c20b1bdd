# Trains a model on checked data and computes its metrics, without touching the disk.

# Encodes a dataset (see as_dataset) for fitting. The columns themselves are kept only if values are missing, because
# each fold imputes those differently; large data would otherwise be held twice.
prepare <- function(dataset, settings) {
  prototype <- as_prototype(dataset$train, dataset$target, settings$missing == "impute")
  x <- encode(dataset$train, prototype)
  if (is.null(x) || ncol(x) == 0) {
    refuse("no feature has more than one level: there is nothing to learn from")
  }
  validation <- dataset$validation
  list(
    prototype = prototype,
    x = x,
    y = dataset$train[[dataset$target]],
    validation = if (!is.null(validation)) {
      list(x = encode(validation, prototype), y = validation[[dataset$target]])
    },
    columns = if (any(vapply(dataset$train, anyNA, TRUE))) dataset$train,
    gaps = dataset$gaps
  )
}

# `say(text)` is called with one line of progress at a time. `cores`: how many processes may run at once.
train_model <- function(prepared, settings, say, cores = 1L) {
  by_folds <- is.null(prepared$validation)
  trained <- if (by_folds) measure_by_folds(prepared, settings, say, cores) else measure_held_out(prepared, settings)
  check_objective(trained$measured$mse)
  metrics <- c(trained$measured, trained$fitted, list(
    missing = prepared$gaps,
    hyperparameters = settings[lengths(settings) > 0],
    versions = stats::setNames(
      list(as.character(getRversion()), unname(getNamespaceVersion(algorithm_package))), c("R", algorithm_package)
    )
  ))
  list(model = list(fit = trained$fit, prototype = prepared$prototype), metrics = metrics)
}

# Fits the final model, and measures it on the rows that it was fitted to.
fit_whole <- function(x, y, settings) {
  fit <- fit_model(x, y, settings)
  error <- mean(squared_errors(fit, x, y))
  fitted <- list(
    train_mean_squared_error = error,
    rsq = 1 - error / mean((y - mean(y))^2),
    train_rows = length(y)
  )
  list(fit = fit, fitted = c(fitted, describe_model(fit)))
}

# Encodes all rows, with missing values imputed from `rows` only: held-out rows must not influence the fit that they
# measure.
encode_for <- function(prepared, rows) {
  if (is.null(prepared$columns)) {
    return(prepared$x)
  }
  encode(prepared$columns, fill_from(prepared$prototype, prepared$columns, rows))
}

measure_held_out <- function(prepared, settings) {
  whole <- fit_whole(prepared$x, prepared$y, settings)
  held_out <- prepared$validation
  mse <- mean(squared_errors(whole$fit, held_out$x, held_out$y))
  measured <- list(mse = mse, measured_on = "validation", validation_rows = length(held_out$y))
  c(whole, list(measured = measured))
}

# The fit on all rows is one more task that runs beside those of the folds.
measure_by_folds <- function(prepared, settings, say, cores) {
  x <- prepared$x
  y <- prepared$y
  folds <- min(settings$folds, length(y))
  if (folds < settings$folds) {
    say(paste0("folds reduced from ", settings$folds, " to ", folds, ", the number of rows"))
  }
  fold <- assign_folds(length(y), folds, settings$seed)
  measure <- function(k) {
    squared <- errors_of_fold(k, fold, function(rows) encode_for(prepared, rows), y, settings)
    say(sprintf("fold %d of %d: mean squared error %.6g", k, as.integer(folds), mean(squared)))
    c(sum = sum(squared), rows = length(squared))
  }
  tasks <- c(function() fit_whole(x, y, settings), lapply(seq_len(folds), function(k) function() measure(k)))
  done <- run_tasks(tasks, if (length(x) < parallel_cells) 1L else cores)
  sums <- vapply(done[-1], `[[`, 0, "sum")
  rows <- vapply(done[-1], `[[`, 0, "rows")
  measured <- list(
    mse = sum(sums) / sum(rows), measured_on = "cross-validation", folds = folds,
    fold_mean_squared_errors = as.list(sums / rows)
  )
  c(done[[1]], list(measured = measured))
}
