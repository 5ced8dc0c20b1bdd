# A table of text: a CSV whose header and shape have been checked. No cell has been given a meaning yet.

# `columns` is a named list of character vectors; row i stands on line `lines[i]` of the file `name`.
as_table <- function(csv) {
  csv <- drop_blank(csv)
  if (length(csv$counts) == 0) {
    refuse(csv$name, " is empty: it needs a header and rows")
  }
  width <- csv$counts[1]
  header <- csv$fields[seq_len(width)]
  check_header(header, csv$name)
  check_widths(csv$counts[-1], csv$lines[-1], header, csv$name)
  list(name = csv$name, columns = as_columns(csv$fields[-seq_len(width)], header), lines = csv$lines[-1])
}

check_header <- function(header, name) {
  for (mark in c(";", "\t")) {
    if (length(header) == 1 && grepl(mark, header, fixed = TRUE)) {
      refuse(name, " is separated by ", quote_text(mark), ", not by commas: save it with commas")
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
    refuse(name, ": the header has ", width, " fields, every row ", width + 1, ": one column has no name")
  }
  wrong <- which(counts != width)[1]
  if (!is.na(wrong)) {
    short <- ": the file may be cut off"
    long <- ": a comma within text needs quotes round the text"
    fix <- if (counts[wrong] < width) short else long
    refuse(name, " line ", lines[wrong], " has ", counts[wrong], " fields, its header has ", width, fix)
  }
}

# All tables as one, in the order given, columns as in the first; `files` says which table a row is from.
stack_tables <- function(tables) {
  first <- tables[[1]]
  for (table in tables[-1]) check_same_columns(first, table)
  columns <- lapply(stats::setNames(nm = names(first$columns)), function(column) {
    unlist(lapply(tables, function(table) table$columns[[column]]), use.names = FALSE)
  })
  rows <- vapply(tables, function(table) length(table$lines), 0L)
  list(
    columns = columns,
    lines = unlist(lapply(tables, `[[`, "lines"), use.names = FALSE),
    files = rep(vapply(tables, `[[`, "", "name"), rows)
  )
}

check_same_columns <- function(first, other) {
  expected <- names(first$columns)
  lacking <- setdiff(expected, names(other$columns))
  surplus <- setdiff(names(other$columns), expected)
  if (length(lacking) > 0) {
    refuse(other$name, " lacks ", quote_names(lacking), ", which ", first$name, " has: columns must agree")
  }
  if (length(surplus) > 0) {
    refuse(other$name, " has ", quote_names(surplus), ", which ", first$name, " lacks: columns must agree")
  }
}
