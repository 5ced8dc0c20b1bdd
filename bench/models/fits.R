# Fits one model after another for bench.models, which asks for them by lines of JSON on standard input:
#
#   Rscript bench/models/fits.R CONTAINER
#
# {"table", "seed", "contender", "given"}: split the table by the seed, 70 % to 30 %, and fit. The answer, a line of
# JSON: the objective that the contender tunes by (null for those that do not), the mean squared error on the other rows
# in variances of the target there, and the seconds that the fit took. {"tables": true}: the names of the tables.

container <- commandArgs(trailingOnly = TRUE)[1]
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
for (file in list.files(file.path(container, "R"), recursive = TRUE, full.names = TRUE)) source(file)
invisible(lapply(ls(), lockBinding, globalenv())) # a function below must not take the place of one of the container's
source(file.path(here, "tables.R"))
if (exists("load_algorithm")) invisible(load_algorithm(container)) else invisible(loadNamespace("mda"))

split_table <- function(name, seed) {
  table <- load_table(name)
  rows <- length(table$columns[[1]])
  seed_generator(seed)
  order <- utils::head(sample.int(rows), most_rows(encoded_columns(table$columns)))
  train <- seq_len(round(0.7 * length(order)))
  pick <- function(at) lapply(table$columns, function(values) values[order[at]])
  parts <- list(target = table$target, train = pick(train), test = pick(-train))
  # As a user's data would: a column that is constant in training tells nothing.
  varies <- vapply(parts$train, function(values) length(unique(values)) > 1, NA)
  parts$train <- parts$train[varies]
  parts$test <- parts$test[varies]
  parts
}

# The libraries' own, on the matrix that ours is fitted to.
fit_encoded <- function(parts, fit) {
  prototype <- as_prototype(parts$train, parts$target)
  x <- encode(parts$train, prototype)
  x_test <- encode(parts$test, prototype)
  keep <- apply(x, 2, function(values) any(values != values[1]))
  fit(x[, keep, drop = FALSE], parts$train[[parts$target]], x_test[, keep, drop = FALSE])
}

fit_line <- function(x, y, x_test) {
  fit <- stats::lm.fit(cbind(1, x), y)
  fit$coefficients[is.na(fit$coefficients)] <- 0
  drop(cbind(1, x_test) %*% fit$coefficients)
}

# The classic sample: mda's MARS, tuned by the training set's sum of squares.
classic <- function(given) {
  objective <- NULL
  function(x, y, x_test) {
    fit <- mda::mars(
      x, y, degree = as.integer(given$degree), thresh = as.numeric(given$thresh), prune = given$prune == "TRUE"
    )
    objective <<- sum(fit$residuals^2)
    structure(drop(stats::predict(fit, x_test)), objective = objective)
  }
}

ours <- function(parts, given) {
  settings <- as_hyperparameters(c(list(target = parts$target), given))
  dataset <- list(target = parts$target, train = parts$train, validation = NULL)
  trained <- train_model(prepare(dataset, settings), settings, function(text) NULL)
  predicted <- predict_model(trained$model$fit, encode(parts$test, trained$model$prototype))
  structure(predicted, objective = trained$metrics$mse)
}

predictions <- function(parts, contender, given) {
  switch(contender,
    mean = rep(mean(parts$train[[parts$target]]), length(parts$test[[1]])),
    line = fit_encoded(parts, fit_line),
    mda = fit_encoded(parts, function(x, y, x_test) drop(stats::predict(mda::mars(x, y), x_test))),
    earth = fit_encoded(parts, function(x, y, x_test) drop(stats::predict(earth::earth(x, y), x_test))),
    classic = fit_encoded(parts, classic(given)),
    ours(parts, given)
  )
}

measure_asked <- function(asked) {
  if (!is.null(asked$tables)) {
    return(names(tables))
  }
  parts <- split_table(asked$table, asked$seed)
  began <- proc.time()
  predicted <- suppressWarnings(predictions(parts, asked$contender, as.list(asked$given)))
  seconds <- sum((proc.time() - began)[c(1, 2, 4, 5)])
  y <- parts$test[[parts$target]]
  objective <- attr(predicted, "objective")
  list(
    objective = if (is.null(objective)) NA else objective,
    error = mean((y - predicted)^2) / mean((y - mean(y))^2), seconds = seconds
  )
}

input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  failed <- function(problem) list(failed = conditionMessage(problem))
  found <- tryCatch(measure_asked(jsonlite::fromJSON(line)), error = failed)
  cat(jsonlite::toJSON(found, auto_unbox = TRUE, digits = NA, na = "null"), "\n", sep = "")
  flush(stdout())
}
