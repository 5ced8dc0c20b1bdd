# SageMaker passes every hyperparameter as a string; this file gives them types, defaults and limits.

# Those that every algorithm has; an algorithm's own are in algorithm.R.
common_hyperparameters <- list(
  target = function(value) read_target(value),
  folds = function(value) read_whole("folds", value, 5, from = 2, to = 20),
  folds_by = function(value) read_column("folds_by", value),
  folds_in_order_of = function(value) read_column("folds_in_order_of", value),
  seed = function(value) read_whole("seed", value, 1, from = 0, to = 4294967295),
  missing = function(value) read_word("missing", value, c("error", "drop", "impute"))
)

# `given` is a named list of strings. Names that start with _ or sagemaker_ are SageMaker's own and ignored. All
# problems are reported at once.
as_hyperparameters <- function(given) {
  readers <- c(common_hyperparameters, algorithm_hyperparameters)
  given <- given[!grepl("^(_|sagemaker_)", names(given))]
  given <- lapply(given, strip_quotes)
  problems <- vapply(setdiff(names(given), names(readers)), describe_unknown, "", known = names(readers))
  values <- lapply(stats::setNames(nm = names(readers)), function(name) {
    tryCatch(readers[[name]](given[[name]]), refused = identity)
  })
  refused <- vapply(values, inherits, TRUE, "refused")
  problems <- c(problems, vapply(values[refused], conditionMessage, ""))
  if (!any(refused)) problems <- c(problems, contradictions(values))
  if (length(problems) > 0) refuse(paste(problems, collapse = "; "))
  values
}

describe_unknown <- function(name, known) {
  paste0("`", name, "` is not a hyperparameter: ", suggest(name, known))
}

# Framework estimators of the SageMaker SDK send JSON within JSON: "\"3\"" for "3".
strip_quotes <- function(value) {
  if (grepl("^\".*\"$", value)) read_json_string(value) else value
}

read_target <- function(value) {
  if (is.null(value) || is.na(value) || value == "") {
    refuse("`target` is missing: set it to the column to predict")
  }
  value
}

read_column <- function(name, value) {
  if (identical(value, "")) {
    refuse("`", name, "` is empty: set it to a column, or leave it out")
  }
  value
}

# What the column of folds_by or folds_in_order_of decides: NULL without one.
fold_rule <- function(settings) {
  name <- if (is.null(settings$folds_by)) "folds_in_order_of" else "folds_by"
  if (!is.null(settings[[name]])) {
    list(name = name, column = settings[[name]], count = settings$folds, in_order = name == "folds_in_order_of")
  }
}

contradictions <- function(values) {
  rule <- fold_rule(values)
  c(
    if (!is.null(values$folds_by) && !is.null(values$folds_in_order_of)) {
      "`folds_by` and `folds_in_order_of` exclude each other: keep one of them"
    },
    if (identical(rule$column, values$target)) {
      paste0("`", rule$name, "` is the target, `", rule$column, "`: choose another column")
    }
  )
}

read_whole <- function(name, value, default, from, to) {
  if (is.null(value)) {
    return(default)
  }
  number <- if (grepl("^[0-9]{1,10}$", value)) as.numeric(value) else NA
  if (is.na(number) || number < from || number > to) {
    limits <- paste("from", from, "to", format(to, digits = 10, scientific = FALSE))
    refuse("`", name, "` must be a whole number ", limits, ", not ", quote_text(value))
  }
  number
}

read_fraction <- function(name, value, default) {
  if (is.null(value)) {
    return(default)
  }
  number <- as_numbers(value)
  if (is.na(number) || number <= 0 || number >= 1) {
    refuse("`", name, "` must be a number above 0 and below 1, not ", quote_text(value))
  }
  number
}

read_number <- function(name, value, default, from, to) {
  if (is.null(value)) {
    return(default)
  }
  number <- as_numbers(value)
  if (is.na(number) || number < from || number > to) {
    refuse("`", name, "` must be a number from ", from, " to ", to, ", not ", quote_text(value))
  }
  number
}

# One of `words`; the first is the default.
read_word <- function(name, value, words) {
  if (is.null(value)) {
    return(words[1])
  }
  if (!value %in% words) {
    refuse("`", name, "` must be one of ", paste(words, collapse = ", "), ", not ", quote_text(value))
  }
  value
}

read_flag <- function(name, value, default) {
  if (is.null(value)) {
    return(default)
  }
  if (!value %in% c("TRUE", "FALSE")) {
    refuse("`", name, "` must be TRUE or FALSE, not ", quote_text(value))
  }
  value == "TRUE"
}
