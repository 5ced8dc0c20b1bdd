# A training job from typed data to a model and its metrics, without touching the disk.

# `say(text)` gets one line of progress at a time.
train_model <- function(dataset, settings, say) {
  prototype <- as_prototype(dataset$train, dataset$target)
  x <- encode(dataset$train, prototype)
  if (is.null(x) || ncol(x) == 0) {
    refuse("no feature has more than one level: there is nothing to learn from")
  }
  y <- dataset$train[[dataset$target]]
  measured <- if (is.null(dataset$validation)) measure_by_folds(x, y, settings, say)
  fit <- fit_mars(x, y, settings)
  if (is.null(measured)) measured <- measure_by_validation(fit, dataset, prototype)
  check_objective(measured$mse)
  metrics <- c(measured, list(
    train_mean_squared_error = mean_squared_error(fit, x, y),
    train_rows = length(y),
    terms = nrow(fit$coefficients),
    hyperparameters = settings,
    versions = list(R = as.character(getRversion()), mda = unname(getNamespaceVersion("mda")))
  ))
  list(model = list(fit = fit, prototype = prototype), metrics = metrics)
}

measure_by_validation <- function(fit, dataset, prototype) {
  y <- dataset$validation[[dataset$target]]
  mse <- mean_squared_error(fit, encode(dataset$validation, prototype), y)
  list(mse = mse, measured_on = "validation", validation_rows = length(y))
}

measure_by_folds <- function(x, y, settings, say) {
  folds <- min(settings$folds, length(y))
  if (folds < settings$folds) {
    say(paste0("folds lowered from ", settings$folds, " to ", folds, ": there are no more rows"))
  }
  fold <- assign_folds(length(y), folds, settings$seed)
  squared <- cross_validate(x, y, fold, settings, function(k, error) {
    say(sprintf("fold %d of %d: mean squared error %.6g", k, as.integer(folds), error))
  })
  errors <- lapply(split(squared, fold), mean)
  list(
    mse = mean(squared), measured_on = "cross-validation", folds = folds,
    fold_mean_squared_errors = unname(errors)
  )
}
