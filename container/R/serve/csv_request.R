# A request's CSV as a table of cells: columns by name, or by position when it has no header.

read_csv_request <- function(bytes, prototype) {
  names <- names(prototype$features)
  csv <- split_csv(bytes, "the request")
  # Of a single column, an empty line is a missing value.
  if (length(names) > 1) csv <- drop_blank(csv, only_last = TRUE)
  if (length(csv$counts) == 0) {
    refuse("the request is empty: send rows of CSV")
  }
  first <- csv$fields[seq_len(csv$counts[1])]
  if (!any(first %in% c(names, prototype$target))) {
    check_request_rows(csv$counts, names, has_header = FALSE)
    return(list(columns = as_columns(csv$fields, names), lines = csv$lines))
  }
  check_request_header(first, prototype)
  check_request_rows(csv$counts[-1], first, has_header = TRUE)
  list(columns = as_columns(csv$fields[-seq_along(first)], first), lines = csv$lines[-1])
}

# As parse_csv, which looks at every byte several times: text without quotes needs less.
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

# Some fields are names of columns: then the record is a header, and all of them must be.
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

# A column that the model has not learnt from is refused, but for the target, which is ignored.
check_known <- function(columns, prototype, place = "") {
  names <- names(prototype$features)
  unknown <- columns[!columns %in% c(names, prototype$target)]
  if (length(unknown) > 0) {
    refuse(place, "the model knows no column ", quote_text(unknown[1]), ": ", suggest(unknown[1], names))
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
