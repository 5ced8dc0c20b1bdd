# A strict RFC 4180 parser: it never shifts, pads, renames or converts anything. read.csv would be shorter, but it
# shifts all columns when the header is one field short, and swallows rows after an unclosed quote. The price:
# splitting a file takes about ten times its size in memory.

# Splits a CSV into records. Returns all `fields` in one vector and, for each record, its number of fields (`counts`)
# and its first line (`lines`).
parse_csv <- function(bytes, name) {
  bytes <- tidy_bytes(bytes, name)
  quotes <- bytes == as.raw(0x22)
  outside <- if (any(quotes)) cumsum(quotes) %% 2L == 0L else rep(TRUE, length(bytes))
  feeds <- which(bytes == line_feed)
  lone <- which(bytes == carriage_return & outside)[1]
  if (!is.na(lone)) {
    refuse(
      name, " line ", line_of(lone, feeds),
      " has a carriage return without a line feed: save the file with LF or CRLF line endings"
    )
  }
  ends <- which((bytes == as.raw(0x2c) | bytes == line_feed) & outside)
  if (length(bytes) > 0 && !outside[length(bytes)]) {
    ends <- c(ends, length(bytes))
  }
  record_ends <- which(bytes[ends] == line_feed)
  starts <- c(1, ends[-length(ends)] + 1)
  first_fields <- c(1, record_ends[-length(record_ends)] + 1)
  bytes[ends] <- separator
  fields <- strsplit(rawToChar(bytes), rawToChar(separator), fixed = TRUE, useBytes = TRUE)[[1]]
  Encoding(fields) <- "UTF-8"
  list(
    name = name,
    fields = if (any(quotes)) unquote(fields, line_of(starts, feeds), name) else fields,
    counts = diff(c(0L, record_ends)),
    lines = line_of(starts[first_fields], feeds)[seq_along(record_ends)]
  )
}

line_of <- function(positions, feeds) {
  findInterval(positions - 1, feeds) + 1L
}

unquote <- function(fields, lines, name) {
  quoted <- which(grepl("\"", fields, fixed = TRUE))
  whole <- fields[quoted]
  inner <- gsub("\"\"", "", substr(whole, 2, nchar(whole) - 1), fixed = TRUE)
  proper <- nchar(whole) > 1 & startsWith(whole, "\"") & endsWith(whole, "\"") &
    !grepl("\"", inner, fixed = TRUE)
  if (!all(proper)) {
    refuse(
      name, " line ", lines[quoted[!proper][1]],
      ": a quote is not closed, or is inside an unquoted field; within a quoted field, double each quote"
    )
  }
  fields[quoted] <- gsub("\"\"", "\"", substr(whole, 2, nchar(whole) - 1), fixed = TRUE)
  fields
}

# Arranges cells, given row by row, as a list of columns called `names`.
as_columns <- function(cells, names) {
  before <- length(names) * (seq_len(length(cells) / length(names)) - 1)
  stats::setNames(lapply(seq_along(names), function(i) cells[before + i]), names)
}

# Drops empty lines, which are not rows; with `only_last`, only those at the end.
drop_blank <- function(csv, only_last = FALSE) {
  first <- cumsum(c(1L, csv$counts))[seq_along(csv$counts)]
  blank <- csv$counts == 1L & csv$fields[first] == ""
  if (only_last) {
    blank <- blank & seq_along(blank) > max(0, which(!blank))
  }
  list(
    name = csv$name, fields = if (any(blank)) csv$fields[-first[blank]] else csv$fields,
    counts = csv$counts[!blank], lines = csv$lines[!blank]
  )
}
