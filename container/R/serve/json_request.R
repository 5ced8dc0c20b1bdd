# Parses a JSON or JSON Lines request into a table of cells. jsonlite does the parsing: it is strict, and ten times as
# fast as R code.

read_json_request <- function(bytes, prototype) {
  text <- json_text(bytes)
  value <- refusing(jsonlite::parse_json(text), function() "the request")
  wrapped <- is_object(value) && identical(names(value), "instances") && !"instances" %in% names(prototype$features)
  if (wrapped) value <- value$instances
  if (is_object(value) && !wrapped) {
    return(as_column_table(value, prototype))
  }
  if (!is.list(value) || is_object(value)) {
    refuse("the request must be an array of rows, an object of columns, or {\"instances\": an array of rows}")
  }
  as_row_table(value, prototype)
}

read_jsonlines_request <- function(bytes, prototype) {
  lines <- strsplit(json_text(bytes), "\n", fixed = TRUE)[[1]]
  lines <- lines[seq_len(max(0, which(grepl("[^ \t\r]", lines))))]
  rows <- vector("list", length(lines))
  i <- 0L
  refusing(
    for (i in seq_along(lines)) rows[i] <- list(jsonlite::parse_json(lines[i])),
    function() paste("line", i)
  )
  as_row_table(rows, prototype)
}

json_text <- function(bytes) {
  if (starts_with(bytes, c(0xef, 0xbb, 0xbf))) bytes <- bytes[-(1:3)]
  text <- tryCatch(rawToChar(c(bytes, line_feed)), error = function(nul_byte) NA)
  if (is.na(text) || !validUTF8(text)) {
    refuse("the request is not UTF-8 text")
  }
  Encoding(text) <- "UTF-8"
  # jsonlite would read half of a surrogate pair as "?", which may be a level.
  if (grepl("\\u", text, fixed = TRUE)) check_surrogates(text)
  text
}

check_surrogates <- function(text) {
  paired <- gsub("\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F]", "", text)
  if (grepl("\\\\u[dD][89a-fA-F]", gsub("\\\\\\\\", "", paired))) {
    refuse("the request has half of a UTF-16 surrogate pair: send the character itself")
  }
}

# jsonlite only warns about a byte order mark in the middle of a request.
refusing <- function(code, place) {
  refuse_it <- function(problem) refuse_json(place(), problem)
  tryCatch(code, error = refuse_it, warning = refuse_it)
}

# Keeps the first line of jsonlite's message; the rest quotes the text, which may be cut within a character.
refuse_json <- function(place, problem) {
  message <- iconv(conditionMessage(problem), "UTF-8", "ASCII", sub = "?")
  refuse(place, " is not JSON: ", sub("\\s*\n.*", "", message))
}

is_object <- function(value) {
  is.list(value) && !is.null(names(value))
}

as_row_table <- function(rows, prototype) {
  if (length(rows) == 0) {
    refuse("the request has no rows")
  }
  scalar <- which(!vapply(rows, is.list, TRUE))[1]
  if (!is.na(scalar)) {
    refuse("row ", scalar, " must be an object or an array, not ", quote_value(rows[[scalar]]))
  }
  labels <- lapply(rows, names)
  arrays <- vapply(labels, is.null, TRUE)
  if (any(arrays) && !all(arrays)) {
    refuse("row ", which(arrays != arrays[1])[1], " is ", if (arrays[1]) "an object" else "an array", ", unlike row 1")
  }
  if (arrays[1]) stack_arrays(rows, names(prototype$features)) else stack_records(rows, labels, prototype)
}

# `labels`: the names of each record's members, usually in the same order as in the first record.
stack_records <- function(rows, labels, prototype) {
  columns <- labels[[1]]
  others <- which(!vapply(labels, identical, TRUE, columns))
  for (row in c(1L, others)) check_members(labels[[row]], prototype, paste0("row ", row, ": "))
  if (length(others) > 0) {
    columns <- names(prototype$features)
    rows <- lapply(rows, `[`, columns)
  }
  list(columns = as_columns(unlist(rows, recursive = FALSE, use.names = FALSE), columns))
}

stack_arrays <- function(rows, names) {
  wrong <- which(lengths(rows) != length(names))[1]
  if (!is.na(wrong)) {
    refuse(
      "row ", wrong, " has ", quantity(length(rows[[wrong]]), "value"), ", but the model expects ",
      length(names), ": ", quote_names(names)
    )
  }
  list(columns = as_columns(unlist(rows, recursive = FALSE, use.names = FALSE), names))
}

as_column_table <- function(columns, prototype) {
  check_members(names(columns), prototype, "")
  arrays <- vapply(columns, function(column) is.list(column) && is.null(names(column)), TRUE)
  if (!all(arrays)) {
    refuse("column ", quote_names(names(columns)[!arrays]), " must be an array: send a single record as [{...}]")
  }
  uneven <- which(lengths(columns) != length(columns[[1]]))[1]
  if (!is.na(uneven)) {
    refuse(
      "column `", names(columns)[uneven], "` has ", quantity(length(columns[[uneven]]), "value"), ", but `",
      names(columns)[1], "` has ", length(columns[[1]])
    )
  }
  if (length(columns[[1]]) == 0) {
    refuse("the request has no rows")
  }
  list(columns = columns)
}

check_members <- function(names, prototype, place) {
  check_known(names, prototype, place)
  if (anyDuplicated(names) > 0) {
    refuse(place, quote_names(names[anyDuplicated(names)]), " occurs twice")
  }
  lacking <- setdiff(names(prototype$features), names)
  if (length(lacking) > 0) {
    verb <- if (length(lacking) == 1) " is" else " are"
    refuse(place, quote_names(lacking), verb, " missing: the model needs every feature")
  }
}
