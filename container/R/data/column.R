# Gives a column its type: numbers, or the levels of a factor. A mixture of both is refused, because one stray "-"
# would silently turn measurements into hundreds of levels.

missing_words <- c("", "NA", "N/A", "NaN", "null", "NULL")

is_missing <- function(cells) {
  trimws(cells) %in% missing_words
}

# NA where a cell is not a decimal number. R itself would also accept "0x1F", "Inf" and "1e".
as_numbers <- function(cells) {
  numbers <- suppressWarnings(as.numeric(cells))
  numbers[grepl("[^0-9eE.+ -]|[eE][+-]?\\s*$", cells)] <- NA
  numbers
}

# Converts a column of text (see as_table) to numbers if it has any. NA where a cell is missing; logical if all are.
type_column <- function(table, column) {
  cells <- table$columns[[column]]
  missing <- is_missing(cells)
  cells[missing] <- NA
  numbers <- as_numbers(cells)
  if (all(is.na(numbers))) {
    return(if (all(missing)) rep(NA, length(cells)) else cells)
  }
  refuse_cell(table, column, is.na(numbers) & !missing, "is not a number, unlike other cells in its column")
  refuse_cell(table, column, is.infinite(numbers), "is too large to represent")
  numbers
}

# Refuses the first cell that `is_wrong`, naming its file, line and column.
refuse_cell <- function(table, column, is_wrong, what) {
  if (!any(is_wrong)) {
    return(invisible())
  }
  row <- which(is_wrong)[1]
  cell <- as.character(table$columns[[column]][row])
  shown <- if (is.na(cell)) "a value" else quote_text(cell)
  refuse(file_of(table, row), " line ", table$lines[row], ", column `", column, "`: ", shown, " ", what)
}

# The name of the file that a row comes from; the table may be several files stacked.
file_of <- function(table, row) {
  table$name[findInterval(row - 1, cumsum(table$rows)) + 1]
}
