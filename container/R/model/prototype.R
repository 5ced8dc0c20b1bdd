# The input prototype: what a model's features are called and may hold. It travels with the model, so that
# serving can refuse what the model has never seen instead of scoring it wrongly.

# With `impute`, every feature also says what stands for a missing value: `fill`, the mean or the most frequent
# level (of equals the first).
as_prototype <- function(columns, target, impute = FALSE) {
  features <- columns[names(columns) != target]
  prototype <- list(target = target, features = lapply(features, describe_feature))
  if (impute) fill_from(prototype, columns, TRUE) else prototype
}

describe_feature <- function(values) {
  if (is.character(values)) {
    list(type = "factor", levels = sort(unique(values), method = "radix"))
  } else {
    list(type = "number", min = min(values, na.rm = TRUE), max = max(values, na.rm = TRUE))
  }
}

# The same prototype, with what these rows alone say of missing values.
fill_from <- function(prototype, columns, rows) {
  for (name in names(prototype$features)) {
    values <- columns[[name]][rows]
    levels <- prototype$features[[name]]$levels
    fill <- if (is.null(levels)) mean(values, na.rm = TRUE) else levels[which.max(tabulate(match(values, levels)))]
    prototype$features[[name]]$fill <- fill
  }
  prototype
}

# As prototype.json has it, with where the model comes from. Levels are an array, also when there is only one.
as_record <- function(prototype, metrics = list()) {
  prototype$features <- lapply(prototype$features, function(feature) {
    if (feature$type == "factor") feature$levels <- as.list(feature$levels)
    feature
  })
  origin <- c("mse", "measured_on", "train_rows", "validation_rows", "hyperparameters", "versions")
  c(prototype, metrics[intersect(origin, names(metrics))])
}

# The numeric matrix that MARS sees: numbers as they are, a factor as one column of 0 and 1 per level but
# the first. The levels are the prototype's, so every part of the data is encoded alike.
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
