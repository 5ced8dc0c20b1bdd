# The input prototype: what a model's features are called and may hold. It travels with the model, so that
# serving can refuse what the model has never seen instead of scoring it wrongly.

as_prototype <- function(columns, target) {
  features <- columns[names(columns) != target]
  list(target = target, features = lapply(features, describe_feature))
}

describe_feature <- function(values) {
  if (is.character(values)) {
    list(type = "factor", levels = sort(unique(values), method = "radix"))
  } else {
    list(type = "number", min = min(values), max = max(values))
  }
}

# As prototype.json has it: levels are an array, also when there is only one.
as_record <- function(prototype) {
  prototype$features <- lapply(prototype$features, function(feature) {
    if (feature$type == "factor") feature$levels <- as.list(feature$levels)
    feature
  })
  prototype
}

# The numeric matrix that MARS sees: numbers as they are, a factor as one column of 0 and 1 per level but
# the first. The levels are the prototype's, so every part of the data is encoded alike.
encode <- function(columns, prototype) {
  features <- prototype$features
  encoded <- lapply(names(features), function(name) encode_feature(columns[[name]], features[[name]], name))
  do.call(cbind, encoded)
}

encode_feature <- function(values, feature, name) {
  if (feature$type == "number") {
    return(matrix(values, ncol = 1, dimnames = list(NULL, name)))
  }
  others <- feature$levels[-1]
  indicators <- outer(values, others, "==") * 1
  dimnames(indicators) <- list(NULL, if (length(others) > 0) paste0(name, others))
  indicators
}
