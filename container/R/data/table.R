# A table: a CSV whose header and shape have been checked. `columns` is a named list of vectors, character until
# type_table() converts them; row i is on line `lines[i]` of the file `name`, which has `rows` rows.

as_table <- function(csv) {
  csv <- drop_blank(csv)
  if (length(csv$counts) == 0) {
    refuse(csv$name, " is empty: it needs a header and rows")
  }
  width <- csv$counts[1]
  header <- csv$fields[seq_len(width)]
  check_header(header, csv$name)
  check_widths(csv$counts[-1], csv$lines[-1], header, csv$name)
  columns <- as_columns(csv$fields[-seq_len(width)], header)
  list(name = csv$name, columns = columns, lines = csv$lines[-1], rows = length(csv$lines) - 1L)
}

# Converts columns to numbers or text, with NA for missing cells; a column without any value becomes logical.
type_table <- function(table) {
  names <- stats::setNames(nm = names(table$columns))
  table$columns <- lapply(names, function(column) type_column(table, column))
  table
}

check_header <- function(header, name) {
  for (mark in c(";", "\t")) {
    if (length(header) == 1 && grepl(mark, header, fixed = TRUE)) {
      refuse(name, " is separated by ", quote_text(mark), ", not by commas: save it as comma-separated values")
    }
  }
  if (any(trimws(header) == "")) {
    refuse(name, ": column ", which(trimws(header) == "")[1], " has no name: name it in the header")
  }
  if (anyDuplicated(header) > 0) {
    refuse(name, ": the header names ", quote_names(header[anyDuplicated(header)]), " twice")
  }
}

check_widths <- function(counts, lines, header, name) {
  width <- length(header)
  if (length(counts) > 0 && all(counts == width + 1L)) {
    refuse(
      name, ": the header has ", quantity(width, "field"), ", but every row has ", width + 1L,
      ": one column has no name"
    )
  }
  wrong <- which(counts != width)[1]
  if (!is.na(wrong)) {
    short <- ": the file may be cut off"
    long <- ": put quotes around text that contains a comma"
    fix <- if (counts[wrong] < width) short else long
    refuse(name, " line ", lines[wrong], " has ", quantity(counts[wrong], "field"), ", its header has ", width, fix)
  }
}

# Stacks typed tables in the order given, with the columns in the order of the first.
stack_tables <- function(tables) {
  first <- tables[[1]]
  if (length(tables) == 1) {
    return(first)
  }
  for (table in tables[-1]) check_same_columns(first, table)
  names <- stats::setNames(nm = names(first$columns))
  list(
    name = vapply(tables, `[[`, "", "name"),
    columns = lapply(names, function(column) stack_column(tables, column)),
    lines = unlist(lapply(tables, `[[`, "lines"), use.names = FALSE),
    rows = vapply(tables, `[[`, 0L, "rows")
  )
}

stack_column <- function(tables, column) {
  is_text <- vapply(tables, function(table) is.character(table$columns[[column]]), TRUE)
  is_number <- vapply(tables, function(table) is.numeric(table$columns[[column]]), TRUE)
  if (any(is_text) && any(is_number)) {
    odd <- tables[[if (is_text[1]) which(is_number)[1] else which(is_text)[1]]]
    what <- if (is_text[1]) "is a number, but the column is text in " else "is not a number, unlike the column in "
    other <- tables[[if (is_text[1]) which(is_text)[1] else which(is_number)[1]]]
    refuse_cell(odd, column, !is.na(odd$columns[[column]]), paste0(what, other$name))
  }
  unlist(lapply(tables, function(table) table$columns[[column]]), use.names = FALSE)
}

check_same_columns <- function(first, other) {
  same_columns <- "all files must have the same columns"
  expected <- names(first$columns)
  lacking <- setdiff(expected, names(other$columns))
  surplus <- setdiff(names(other$columns), expected)
  if (length(lacking) > 0) {
    refuse(other$name, " lacks ", quote_names(lacking), ", which ", first$name, " has: ", same_columns)
  }
  if (length(surplus) > 0) {
    refuse(other$name, " has ", quote_names(surplus), ", which ", first$name, " lacks: ", same_columns)
  }
}
