# Parses a CSV request into a table of cells: columns by name, or by position if there is no header.

read_csv_request <- function(bytes, prototype) {
  names <- names(prototype$features)
  csv <- split_csv(bytes, "the request")
  # With a single column, an empty line is a missing value.
  if (length(names) > 1) csv <- drop_blank(csv, only_last = TRUE)
  if (length(csv$counts) == 0) {
    refuse("the request is empty: send rows of CSV")
  }
  first <- csv$fields[seq_len(csv$counts[1])]
  if (!any(first %in% c(names, unused_columns(prototype)))) {
    check_request_rows(csv$counts, names, has_header = FALSE)
    return(list(columns = as_columns(csv$fields, names), lines = csv$lines))
  }
  check_request_header(first, prototype)
  check_request_rows(csv$counts[-1], first, has_header = TRUE)
  list(columns = as_columns(csv$fields[-seq_along(first)], first), lines = csv$lines[-1])
}

# Does what parse_csv does, but faster for text without quotes: parse_csv looks at every byte several times.
split_csv <- function(bytes, name) {
  if (length(bytes) > 0 && bytes[length(bytes)] != line_feed) bytes <- c(bytes, line_feed)
  text <- tryCatch(rawToChar(bytes), error = function(nul_byte) "")
  is_plain <- text != "" && validUTF8(text) && !grepl("[\"\r\x1f]|^\xef\xbb\xbf", text, perl = TRUE, useBytes = TRUE)
  if (!is_plain) {
    return(parse_csv(bytes, name))
  }
  feeds <- which(bytes == line_feed)
  counts <- diff(c(0L, findInterval(feeds, which(bytes == as.raw(0x2c))))) + 1L
  bytes[feeds] <- as.raw(0x2c)
  fields <- strsplit(rawToChar(bytes), ",", fixed = TRUE, useBytes = TRUE)[[1]]
  Encoding(fields) <- "UTF-8"
  list(name = name, fields = fields, counts = counts, lines = seq_along(feeds))
}

# A first record with the name of any column is a header, so all of its fields must be names of columns.
check_request_header <- function(header, prototype) {
  names <- names(prototype$features)
  check_known(header, prototype)
  if (anyDuplicated(header) > 0) {
    refuse("the header names ", quote_names(header[anyDuplicated(header)]), " twice")
  }
  lacking <- setdiff(names, header)
  if (length(lacking) > 0) {
    refuse("the header lacks ", quote_names(lacking), ": the model needs every feature")
  }
}

# Columns that a request may have, and that are ignored. Models of earlier releases have only the target.
unused_columns <- function(prototype) c(prototype$target, prototype$ignored)

# Refuses columns that the model does not know.
check_known <- function(columns, prototype, place = "") {
  names <- names(prototype$features)
  unknown <- columns[!columns %in% c(names, unused_columns(prototype))]
  if (length(unknown) > 0) {
    refuse(place, "the model has no feature ", quote_text(unknown[1]), ": ", suggest(unknown[1], names))
  }
}

check_request_rows <- function(counts, header, has_header) {
  if (length(counts) == 0) {
    refuse("the request has a header but no rows")
  }
  wrong <- which(counts != length(header))[1]
  if (!is.na(wrong)) {
    expected <- if (has_header) "the header has " else "a request without a header needs "
    refuse(
      "row ", wrong, " has ", quantity(counts[wrong], "field"), ", but ", expected, length(header), ": ",
      quote_names(header)
    )
  }
}
