# SageMaker hands every hyperparameter over as a string; here they get their types, defaults and limits.

known_hyperparameters <- c(
  "target", "degree", "thresh", "prune", "nk", "penalty", "folds", "seed", "missing", "max_search_rows"
)

# `given` is a named list of strings. Names that begin with _ or sagemaker_ are SageMaker's own. All that is
# wrong is said at once.
as_hyperparameters <- function(given) {
  given <- given[!grepl("^(_|sagemaker_)", names(given))]
  given <- lapply(given, strip_quotes)
  unknown <- setdiff(names(given), known_hyperparameters)
  problems <- vapply(unknown, describe_unknown, "")
  readers <- list(
    target = function() read_target(given$target),
    degree = function() read_whole("degree", given$degree, 1, from = 1, to = 10),
    thresh = function() read_thresh(given$thresh),
    prune = function() read_flag("prune", given$prune, TRUE),
    nk = function() read_whole("nk", given$nk, 31, from = 3, to = 1001),
    penalty = function() read_number("penalty", given$penalty, NULL, from = 0, to = 100),
    folds = function() read_whole("folds", given$folds, 5, from = 2, to = 20),
    seed = function() read_whole("seed", given$seed, 1, from = 0, to = 4294967295),
    missing = function() read_word("missing", given$missing, c("error", "drop", "impute")),
    max_search_rows = function() read_whole("max_search_rows", given$max_search_rows, NULL, from = 100, to = 1e9)
  )
  values <- lapply(readers, function(read) tryCatch(read(), refused = identity))
  refused <- vapply(values, inherits, TRUE, "refused")
  problems <- c(problems, vapply(values[refused], conditionMessage, ""))
  if (length(problems) > 0) refuse(paste(problems, collapse = "; "))
  values
}

describe_unknown <- function(name) {
  paste0("`", name, "` is no hyperparameter: ", suggest(name, known_hyperparameters))
}

# The SageMaker SDK's framework estimators send JSON within JSON: "\"3\"" for "3".
strip_quotes <- function(value) {
  if (grepl("^\".*\"$", value)) read_json_string(value) else value
}

read_target <- function(value) {
  if (is.null(value) || is.na(value) || value == "") {
    refuse("`target` is missing: name the column to predict")
  }
  value
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

read_thresh <- function(value) {
  if (is.null(value)) {
    return(0.001)
  }
  number <- as_numbers(value)
  if (is.na(number) || number <= 0 || number >= 1) {
    refuse("`thresh` must be a number above 0 and below 1, not ", quote_text(value))
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

# One of `words`, of which the first is the default.
read_word <- function(name, value, words) {
  if (is.null(value)) {
    return(words[1])
  }
  if (!value %in% words) {
    refuse("`", name, "` must be ", paste(words, collapse = " or "), ", not ", quote_text(value))
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
