# A request's CSV as the model's features: matched by name, or by position when it has no header. Whatever
# the model has never seen is refused with its row and column; nothing is dropped, so there are as many
# answers as rows.

as_features <- function(bytes, prototype) {
  table <- as_request_table(drop_blank(parse_csv(bytes, "the request"), only_last = TRUE), prototype)
  features <- prototype$features
  lapply(stats::setNames(nm = names(features)), function(name) read_feature(table, name, features[[name]]))
}

as_request_table <- function(csv, prototype) {
  if (length(csv$counts) == 0) {
    refuse("the request is empty: send rows of CSV")
  }
  names <- names(prototype$features)
  first <- csv$fields[seq_len(csv$counts[1])]
  has_header <- any(first %in% c(names, prototype$target))
  if (has_header) check_request_header(first, prototype)
  header <- if (has_header) first else names
  counts <- if (has_header) csv$counts[-1] else csv$counts
  check_request_rows(counts, header, has_header)
  cells <- if (has_header) csv$fields[-seq_along(first)] else csv$fields
  list(columns = as_columns(cells, header), lines = if (has_header) csv$lines[-1] else csv$lines)
}

check_request_header <- function(header, prototype) {
  names <- names(prototype$features)
  unknown <- setdiff(header, c(names, prototype$target))
  if (length(unknown) > 0) {
    refuse("the model knows no column ", quote_text(unknown[1]), ": ", suggest(unknown[1], names))
  }
  if (anyDuplicated(header) > 0) {
    refuse("the header names ", quote_names(header[anyDuplicated(header)]), " twice")
  }
  lacking <- setdiff(names, header)
  if (length(lacking) > 0) {
    refuse("the header lacks ", quote_names(lacking), ": the model needs every feature")
  }
}

check_request_rows <- function(counts, header, has_header) {
  if (length(counts) == 0) {
    refuse("the request has a header but no rows")
  }
  wrong <- which(counts != length(header))[1]
  if (!is.na(wrong)) {
    fix <- if (has_header) ", the header " else ", the model without a header expects "
    refuse("row ", wrong, " has ", counts[wrong], " fields", fix, length(header), ": ", quote_names(header))
  }
}

read_feature <- function(table, name, feature) {
  cells <- table$columns[[name]]
  refuse_cell(table, name, is_missing(cells), "is missing: the model needs every feature")
  if (feature$type == "factor") {
    what <- paste("is a level that the model has not seen: known are", quote_names(feature$levels))
    refuse_cell(table, name, !cells %in% feature$levels, what)
    return(cells)
  }
  numbers <- as_numbers(cells)
  refuse_cell(table, name, is.na(numbers), "is not a number")
  refuse_cell(table, name, !is.finite(numbers), "is too large for a number")
  numbers
}

# One prediction per row, as lines of CSV.
score <- function(bytes, model) {
  predictions <- predict_model(model$fit, encode(as_features(bytes, model$prototype), model$prototype))
  lost <- which(!is.finite(predictions))[1]
  if (!is.na(lost)) {
    refuse("row ", lost, " lies too far from the training data: its prediction is not finite")
  }
  paste0(sprintf("%.15g\n", predictions), collapse = "")
}

# Is this Content-Type one that `score` can read?
is_csv_type <- function(type) {
  grepl("^\\s*text/csv\\s*(;\\s*charset=\"?(utf-8|us-ascii)\"?\\s*)?$", type, ignore.case = TRUE)
}
