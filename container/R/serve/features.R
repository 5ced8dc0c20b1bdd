# Converts a request's cells, whatever its format, to the model's features. Values that the model cannot score are
# refused with their row and column; nothing is dropped, so every row gets a prediction.

# `table$columns` is a named list of character vectors (CSV) or of lists of scalars (JSON); `table$lines` has the line
# of each row, for CSV only.
as_features <- function(table, prototype) {
  features <- prototype$features
  lapply(stats::setNames(nm = names(features)), function(name) {
    read_feature(table, name, features[[name]])
  })
}

read_feature <- function(table, name, feature) {
  cells <- table$columns[[name]]
  values <- if (feature$type == "factor") as_levels(cells, feature$levels) else as_finite(cells)
  wrong <- which(is.na(values))
  if (length(wrong) == 0) {
    return(values)
  }
  missing <- are_absent(cells[wrong])
  unfit <- if (is.null(feature$fill)) wrong else wrong[!missing]
  if (length(unfit) > 0) {
    what <- if (missing[match(unfit[1], wrong)]) missing_value else what_is_wrong(cells[[unfit[1]]], feature)
    refuse_value(table, name, unfit[1], what)
  }
  values[wrong] <- feature$fill
  values
}

# NA where a cell is not a level that the model has seen.
as_levels <- function(cells, levels) {
  if (is.list(cells)) {
    cells[!vapply(cells, is.character, TRUE)] <- NA_character_
    cells <- unlist(cells, use.names = FALSE)
  }
  levels[match(cells, levels)]
}

# NA where a cell is not a finite number; neither true nor "1" is one in JSON.
as_finite <- function(cells) {
  if (is.list(cells)) {
    cells[!vapply(cells, is.numeric, TRUE)] <- NA_real_
    numbers <- as.numeric(unlist(cells, use.names = FALSE))
  } else {
    numbers <- as_numbers(cells)
  }
  numbers[!is.finite(numbers)] <- NA
  numbers
}

# A missing value is null in JSON, and in CSV what training treats as missing.
are_absent <- function(cells) {
  if (is.list(cells)) vapply(cells, is.null, TRUE) else is_missing(cells)
}

missing_value <- "is missing: the model needs every feature"

what_is_wrong <- function(cell, feature) {
  if (feature$type == "factor") {
    seen <- if (is.character(cell)) "is a level that the model has not seen" else "is not text"
    return(paste0(seen, ": expected one of ", quote_names(feature$levels)))
  }
  number <- if (is.character(cell)) as_numbers(cell) else cell
  if (is.numeric(number) && is.infinite(number)) "is too large to represent" else "is not a number"
}

refuse_value <- function(table, name, row, what) {
  line <- if (is.null(table$lines)) "" else paste0(" line ", table$lines[row], ",")
  cell <- quote_value(table$columns[[name]][[row]])
  refuse("row ", row, ",", line, " column `", name, "`: ", cell, " ", what)
}

# A cell roughly as the client wrote it.
quote_value <- function(cell) {
  if (is.null(cell)) {
    "null"
  } else if (is.character(cell)) {
    quote_text(cell)
  } else if (is.list(cell)) {
    if (is.null(names(cell))) "an array" else "an object"
  } else {
    tolower(format(cell, digits = 15))
  }
}
