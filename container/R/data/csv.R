# CSV as RFC 4180 has it, strictly: nothing is shifted, filled up, renamed or converted on the way. read.csv
# would be shorter, but shifts all columns when the header is one short and swallows rows after a lost
# quote. Price: the whole text is held in memory about ten times over while it is split.

# A CSV's records: `fields` in one vector, `counts` of fields and first `lines` of each record.
parse_csv <- function(bytes, name) {
  bytes <- tidy_bytes(bytes, name)
  quotes <- bytes == as.raw(0x22)
  outside <- if (any(quotes)) cumsum(quotes) %% 2L == 0L else rep(TRUE, length(bytes))
  feeds <- which(bytes == line_feed)
  lone <- which(bytes == carriage_return & outside)[1]
  if (!is.na(lone)) {
    refuse(
      name, " line ", line_of(lone, feeds),
      " has a carriage return that ends no line: save it with LF or CRLF at the lines' ends"
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
      ": a quote is not closed, or stands inside a field; write a quote within quoted text twice"
    )
  }
  fields[quoted] <- gsub("\"\"", "\"", substr(whole, 2, nchar(whole) - 1), fixed = TRUE)
  fields
}

# The cells under a header of `names`, as a named list of columns.
as_columns <- function(cells, names) {
  before <- length(names) * (seq_len(length(cells) / length(names)) - 1)
  stats::setNames(lapply(seq_along(names), function(i) cells[before + i]), names)
}

# Without the records that hold nothing at all: an empty line is not a row.
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
