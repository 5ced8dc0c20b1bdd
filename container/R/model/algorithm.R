# The algorithm: MARS, by one of the engines in the folder engine. Only these files and hinges.R, which makes models
# fast, know about it. To use another algorithm, replace these: `algorithm_packages`, `algorithm_hyperparameters`,
# `load_algorithm`, `fit_model`, `average_models`, `predict_model`, `describe_model` and `notes_on_model`. Everything
# else (files, checks, folds, the objective, serving) stays the same.

algorithm_packages <- c("earth", "mda")

# Called once at the start; `here` is the folder of the container's code.
load_algorithm <- function(here) load_compiled(file.path(here, "src", "mars.so"))

# A parser for each hyperparameter besides target, folds, seed and missing; each refuses invalid values. What is NULL is
# the engine's own default.
algorithm_hyperparameters <- list(
  engine = function(value) read_word("engine", value, c("auto", names(engines))),
  degree = function(value) read_whole("degree", value, 1, from = 1, to = 10),
  thresh = function(value) read_fraction("thresh", value, NULL),
  prune = function(value) read_flag("prune", value, TRUE),
  nk = function(value) read_whole("nk", value, NULL, from = 3, to = 1001),
  penalty = function(value) read_number("penalty", value, NULL, from = 0, to = 100),
  nprune = function(value) read_whole("nprune", value, NULL, from = 1, to = 1001),
  minspan = function(value) read_whole("minspan", value, NULL, from = 1, to = 1e6),
  endspan = function(value) read_whole("endspan", value, NULL, from = 1, to = 1e6),
  fast_k = function(value) read_whole("fast_k", value, NULL, from = 0, to = 1001),
  max_search_rows = function(value) read_whole("max_search_rows", value, NULL, from = 100, to = 1e9)
)

# Fits the model to `rows` of the numeric matrix `x` and of `y`. The fit holds only what predictions need, not the
# data. With many rows, the knots are searched on a sample of them; the coefficients are cheap, and are then estimated
# on all rows, or on a sample of `enough_rows` if that is fewer.
fit_model <- function(x, y, settings, rows = seq_along(y), enough_rows = Inf) {
  engine <- engine_for(settings$engine)
  searched <- sample_rows(rows, search_rows(engine, ncol(x), settings), settings$seed)
  check_settings(engine, settings, length(searched))
  whole <- length(searched) == length(y)
  part <- if (whole) x else x[searched, , drop = FALSE]
  varies <- which(apply(part, 2, function(values) values[1] != values[length(values)] || any(values != values[1])))
  fit <- fit_terms(engine, part, if (whole) y else y[searched], varies, settings)
  if (length(searched) < length(rows)) {
    fit$coefficients <- estimate(fit$hinges, x, y, sample_rows(rows, enough_rows, settings$seed))
  }
  c(fit, list(
    engine = engine, members = 1, searched_rows = length(searched),
    sampled_rows = if (length(searched) < length(rows)) length(searched) else 0, within = plausible(y[rows])
  ))
}

# Columns that do not vary in these rows are left out: the engines warn of them or fail.
fit_terms <- function(engine, x, y, varies, settings) {
  if (length(varies) == 0) {
    return(list(hinges = list(terms = 1L, levels = list()), coefficients = matrix(mean(y)), gcv = stats::var(y),
      nk = 1, bound_reached = FALSE))
  }
  fit <- engines[[engine]](if (length(varies) < ncol(x)) x[, varies, drop = FALSE] else x, y, settings)
  for (level in seq_along(fit$hinges$levels)) {
    fit$hinges$levels[[level]]$column <- varies[fit$hinges$levels[[level]]$column]
  }
  fit
}

# The average of fits to parts of the same data, as one fit.
average_models <- function(fits) {
  mean_of <- function(name) mean(vapply(fits, `[[`, 0, name))
  most_of <- function(name) max(vapply(fits, `[[`, 0, name))
  within <- vapply(fits, `[[`, c(0, 0), "within")
  c(join_terms(fits), list(
    engine = fits[[1]]$engine, members = length(fits), gcv = mean_of("gcv"), nk = most_of("nk"),
    searched_rows = mean_of("searched_rows"), sampled_rows = most_of("sampled_rows"),
    bound_reached = any(vapply(fits, `[[`, NA, "bound_reached")), within = c(min(within[1, ]), max(within[2, ]))
  ))
}

# Predictions stay within the target's range in training and a fifth of it more on either side: what lies farther out is
# an extrapolation gone wrong. One that overflows is not a number.
predict_model <- function(fit, x) {
  predicted <- drop(term_matrix(fit$hinges, x) %*% fit$coefficients)
  if (is.null(fit$within)) {
    return(predicted)
  }
  predicted[is.infinite(predicted)] <- NaN
  pmin(pmax(predicted, fit$within[1]), fit$within[2])
}

plausible <- function(y) {
  range <- range(y)
  range + c(-0.2, 0.2) * diff(range)
}

# For metrics.json, and the numbers for the log, where SageMaker reads those that METRICS in chalicelib/algorithm.py
# names. It reads no text: the engine is told by `compiled`, 0 or 1, and the job's hyperparameters. `members` counts the
# fits whose average this is; `sampled_rows` is 0 if knots were searched on all rows.
describe_model <- function(fit) {
  list(
    gcv = fit$gcv, terms = nrow(fit$coefficients), engine = fit$engine, compiled = as.integer(fit$engine == "compiled"),
    members = fit$members, nk = fit$nk, bound_reached = as.integer(fit$bound_reached),
    searched_rows = fit$searched_rows, sampled_rows = fit$sampled_rows
  )
}

# Lines for the log.
notes_on_model <- function(fit) {
  c(
    paste0("fitted by the engine ", fit$engine, ", with ", nrow(fit$coefficients), " terms"),
    if (fit$bound_reached) paste0("stopped at ", fit$nk, " terms: a larger `nk` may fit better"),
    if (fit$sampled_rows > 0) {
      paste0(
        "searched knots on a sample of ", as_digits(fit$sampled_rows),
        " rows: a larger `max_search_rows` may fit better"
      )
    }
  )
}

# The terms' coefficients on these rows.
estimate <- function(hinges, x, y, rows) {
  matrix(least_squares(function(block) term_matrix(hinges, x[block, , drop = FALSE]), y, rows), ncol = 1)
}
