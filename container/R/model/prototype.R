# The input prototype: the names, types, ranges and levels of a model's features. It is stored with the model, so that
# serving can refuse levels that the model has never seen instead of scoring them wrongly.

# With `impute`, every feature also has a replacement for missing values, `fill`: the mean or the most frequent level
# (the first of equally frequent ones). `ignored` is a column that the data may have besides, like the target.
as_prototype <- function(columns, target, impute = FALSE, ignored = NULL) {
  features <- columns[names(columns) != target]
  prototype <- c(
    list(target = target, features = lapply(features, describe_feature)),
    if (!is.null(ignored)) list(ignored = ignored)
  )
  if (impute) fill_from(prototype, columns, TRUE) else prototype
}

describe_feature <- function(values) {
  if (is.character(values)) {
    list(type = "factor", levels = sort(unique(values), method = "radix"))
  } else {
    list(type = "number", min = min(values, na.rm = TRUE), max = max(values, na.rm = TRUE))
  }
}

# The prototype with each `fill` computed from these rows only. A feature without any value there keeps its own: any
# constant does, because columns that do not vary are left out of a fit.
fill_from <- function(prototype, columns, rows) {
  for (name in names(prototype$features)) {
    values <- columns[[name]][rows]
    if (all(is.na(values))) next
    levels <- prototype$features[[name]]$levels
    fill <- if (is.null(levels)) mean(values, na.rm = TRUE) else levels[which.max(tabulate(match(values, levels)))]
    prototype$features[[name]]$fill <- fill
  }
  prototype
}

# Whether rows differ in any feature.
has_variety <- function(prototype) {
  varies <- function(feature) if (feature$type == "factor") length(feature$levels) > 1 else feature$min < feature$max
  any(vapply(prototype$features, varies, NA))
}

# The content of prototype.json: the prototype and the model's provenance. Levels are always an array, even a single
# one.
as_record <- function(prototype, metrics = list()) {
  prototype$features <- lapply(prototype$features, function(feature) {
    if (feature$type == "factor") feature$levels <- as.list(feature$levels)
    feature
  })
  origin <- c(
    "mse", "measured_on", "train_rows", "validation_rows", "hyperparameters", "versions", "engine", "model",
    "bound_reached"
  )
  c(prototype, metrics[intersect(origin, names(metrics))])
}

# Encodes columns as a numeric matrix: numbers as they are, a factor as a column of 0 and 1 for each level except the
# first. The levels are the prototype's, so every subset of the data is encoded alike.
encode <- function(columns, prototype) {
  features <- prototype$features
  encoded <- lapply(names(features), function(name) encode_feature(columns[[name]], features[[name]], name))
  do.call(cbind, encoded)
}

encode_feature <- function(values, feature, name) {
  if (!is.null(feature$fill)) values[is.na(values)] <- feature$fill
  if (feature$type == "number") {
    return(matrix(values, ncol = 1, dimnames = list(NULL, name)))
  }
  others <- feature$levels[-1]
  indicators <- outer(values, others, "==") * 1
  dimnames(indicators) <- list(NULL, if (length(others) > 0) paste0(name, others))
  indicators
}
