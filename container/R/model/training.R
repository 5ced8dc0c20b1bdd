# Trains a model on checked data and computes its metrics, without touching the disk.

# Encodes a dataset (see as_dataset) for fitting. The columns themselves are kept only if values are missing, because
# each fold imputes those differently; large data would otherwise be held twice.
prepare <- function(dataset, settings) {
  rule <- fold_rule(settings)
  features <- setdiff(names(dataset$train), dataset$target)
  train <- in_own_order(dataset, "train", features)
  prototype <- as_prototype(train$columns, dataset$target, settings$missing == "impute", rule$column)
  x <- encode(train$columns, prototype)
  if (is.null(x) || ncol(x) == 0) {
    refuse("no feature has more than one level: there is nothing to learn from")
  }
  if (!has_variety(prototype)) refuse("all rows have the same features: there is nothing to learn from")
  keys_of <- function(rows) if (is.null(settings$folds_by)) rows$keys else row_keys(list(rows$parts))
  validation <- if (!is.null(dataset$validation)) in_own_order(dataset, "validation", features)
  list(
    prototype = prototype,
    x = x,
    y = train$columns[[dataset$target]],
    keys = keys_of(train),
    times = if (!is.null(rule) && rule$in_order) train$parts,
    validation = if (!is.null(validation)) {
      list(
        x = encode(validation$columns, prototype), y = validation$columns[[dataset$target]], keys = keys_of(validation)
      )
    },
    columns = if (any(vapply(train$columns, anyNA, TRUE))) train$columns,
    gaps = dataset$gaps
  )
}

# A channel's columns, keys of features and parts, with its rows in an order that follows from their content alone:
# samples are drawn by position, and engines let it decide between knots that are equally good.
in_own_order <- function(dataset, channel, features) {
  columns <- dataset[[channel]]
  keys <- row_keys(columns[features])
  place <- order(keys, columns[[dataset$target]], method = "radix")
  list(
    columns = lapply(columns, `[`, place), keys = keys[place], parts = dataset$parts[[channel]][place]
  )
}

# `say(text)` is called with one line of progress at a time. `cores`: how many processes may run at once.
train_model <- function(prepared, settings, say, cores = 1L) {
  trained <- fit_and_measure(prepared, settings, say, cores)
  check_objective(trained$measured$mse)
  say(paste0("the model is the ", trained$measured$model))
  for (line in c(notes_on_model(trained$fit), compare_with_simple(trained$measured))) say(line)
  fitted <- measure_fitted(trained$fit, prepared$x, prepared$y)
  packages <- intersect(algorithm_packages, loadedNamespaces())
  metrics <- c(trained$measured, fitted, describe_model(trained$fit), list(
    missing = prepared$gaps,
    hyperparameters = settings[lengths(settings) > 0],
    versions = as.list(c(
      R = as.character(getRversion()), vapply(packages, function(name) unname(getNamespaceVersion(name)), "")
    ))
  ))
  list(model = list(fit = trained$fit, prototype = prepared$prototype), metrics = metrics)
}

# How well the model describes the rows that it was fitted to.
measure_fitted <- function(fit, x, y) {
  list(train_mean_squared_error = mean(errors_of(fit, x, y)^2), train_rows = length(y))
}

# Encodes all rows, with missing values imputed from `rows` only: held-out rows must not influence the fit that they
# measure.
encode_for <- function(prepared, rows) {
  if (is.null(prepared$columns)) {
    return(prepared$x)
  }
  encode(prepared$columns, fill_from(prepared$prototype, prepared$columns, rows))
}

# Up to this many rows, the average of the fold models is served: it costs no fit and is more accurate than one fit to
# all rows. Above, the gain is gone; and in order of time the first of them know only old rows.
averaged_rows <- 100000

# The model to serve, and the objective: with a validation channel the model's error there, else the mean of the fold
# models' errors on the rows that each has not seen.
fit_and_measure <- function(prepared, settings, say, cores) {
  y <- prepared$y
  averages <- length(y) <= averaged_rows && is.null(prepared$times)
  by_folds <- averages || is.null(prepared$validation)
  folds <- if (by_folds) fit_folds(prepared, settings, say, cores, !averages)
  fit <- if (averages) average_models(folds$fits) else if (by_folds) folds$whole else fit_model(prepared$x, y, settings)
  measured <- if (is.null(prepared$validation)) folds$measured else measure_held_out(fit, prepared)
  model <- if (averages) "average of the folds' models" else "fit to all rows"
  list(fit = fit, measured = c(measured, list(model = model)))
}

measure_held_out <- function(fit, prepared) {
  held_out <- prepared$validation
  y <- c(prepared$y, held_out$y)
  seen <- seq_along(prepared$y)
  line <- linear_errors(rbind(prepared$x, held_out$x), y, seen, seq_along(y)[-seen])
  errors <- errors_of(fit, held_out$x, held_out$y)
  measured <- measure(errors, held_out$y, held_out$keys, held_out$y - mean(prepared$y), line)
  c(measured, list(measured_on = "validation", validation_rows = length(held_out$y)))
}

# A fit for each fold, and, if `with_whole`, one to all rows beside them.
fit_folds <- function(prepared, settings, say, cores, with_whole) {
  fold <- divide(prepared, settings, say)
  folds <- max(fold)
  fit_one <- function(k) {
    fitted <- fit_fold(k, fold, function(rows) encode_for(prepared, rows), prepared$y, settings)
    say(sprintf("fold %d of %d: mean squared error %.6g", k, as.integer(folds), mean(fitted$errors^2)))
    fitted
  }
  tasks <- lapply(seq_len(folds), function(k) function() fit_one(k))
  if (with_whole) tasks <- c(tasks, function() fit_model(prepared$x, prepared$y, settings))
  done <- run_tasks(tasks, if (length(prepared$x) < parallel_cells) 1L else cores)
  whole <- if (with_whole) done[[folds + 1]]
  done <- done[seq_len(folds)]
  list(whole = whole, fits = lapply(done, `[[`, "fit"), measured = measure_folds(done, prepared))
}

# `done` are the results of `fit_fold`.
measure_folds <- function(done, prepared) {
  together <- function(name) unlist(lapply(done, `[[`, name), use.names = FALSE)
  rows <- together("rows")
  measured <- measure(
    together("errors"), prepared$y[rows], prepared$keys[rows], together("mean_errors"), together("linear_errors")
  )
  by_fold <- lapply(done, function(fitted) mean(fitted$errors^2))
  c(measured, list(measured_on = "cross-validation", folds = length(done), fold_mean_squared_errors = by_fold))
}

# The fold of each row.
divide <- function(prepared, settings, say) {
  rule <- fold_rule(settings)
  if (!is.null(prepared$times)) {
    say(paste0("each fold is predicted from the rows before it, in order of `", rule$column, "`"))
    return(assign_blocks(prepared$times, settings$folds))
  }
  if (!is.null(rule)) {
    groups <- quantity(length(unique(prepared$keys)), "group")
    say(paste0("the rows of each of ", groups, " of `", rule$column, "` stay in one fold"))
  }
  assign_folds(prepared$keys, number_of_folds(prepared$keys, settings$folds, say))
}

number_of_folds <- function(keys, asked, say) {
  distinct <- length(unique(keys))
  if (distinct < asked) say(paste0("folds reduced from ", asked, " to ", distinct, ", the number of different rows"))
  min(asked, distinct)
}
