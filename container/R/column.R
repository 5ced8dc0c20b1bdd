# What the cells of a column mean: numbers, or the levels of a factor. A mixture of both is refused, for one
# stray "-" would turn measurements into hundreds of levels without a word.

missing_words <- c("", "NA", "N/A", "NaN", "null", "NULL")

is_missing <- function(cells) {
  trimws(cells) %in% missing_words
}

# NA where a cell is not a decimal number. R alone would take "0x1F", "Inf" and "1e" for numbers.
as_numbers <- function(cells) {
  numbers <- suppressWarnings(as.numeric(cells))
  numbers[grepl("[^0-9eE.+ -]|[eE][+-]?\\s*$", cells)] <- NA
  numbers
}

# A column of `table` (see stack_tables) as a numeric or character vector.
type_column <- function(table, column) {
  cells <- table$columns[[column]]
  refuse_cell(table, column, is_missing(cells), "is missing: fill it in, or leave the row out")
  numbers <- as_numbers(cells)
  if (all(is.na(numbers))) {
    return(cells)
  }
  refuse_cell(table, column, is.na(numbers), "is not a number, unlike other cells of its column")
  refuse_cell(table, column, !is.finite(numbers), "is too large for a number")
  numbers
}

# `table` as stack_tables makes it, or a request's, which is no file: there the row's number helps more.
refuse_cell <- function(table, column, is_wrong, what) {
  if (!any(is_wrong)) {
    return(invisible())
  }
  row <- which(is_wrong)[1]
  place <- if (is.null(table$files)) paste0("row ", row, ",") else table$files[row]
  cell <- table$columns[[column]][row]
  refuse(place, " line ", table$lines[row], ", column `", column, "`: ", quote_text(cell), " ", what)
}
