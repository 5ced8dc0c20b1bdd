# Answers: content negotiation, and predictions in the negotiated format.

csv_type <- "text/csv"
json_type <- "application/json"
jsonlines_type <- "application/jsonlines"
data_types <- c(csv_type, json_type, jsonlines_type)

# The data type of a Content-Type header; NA if it is not supported or not in UTF-8.
content_type <- function(header) {
  if (header %in% data_types) {
    return(header)
  }
  parts <- media_ranges(header)
  charset <- if (length(parts) == 1) tolower(parts[[1]]$parameters["charset"]) else NA
  known <- length(parts) == 1 && parts[[1]]$type %in% data_types
  if (known && (is.na(charset) || charset %in% c("utf-8", "us-ascii"))) parts[[1]]$type else NA_character_
}

# The data type of the answer: the one that an Accept header prefers, or `default` if it has no preference; NA if it
# accepts none.
accepted_type <- function(header, default) {
  if (header %in% c("", "*/*")) {
    return(default)
  }
  candidates <- unique(c(default, data_types))
  quality <- vapply(candidates, accepted_quality, 0, ranges = media_ranges(header))
  if (max(quality) <= 0) NA_character_ else candidates[which.max(quality)]
}

# A type's quality is that of the most specific range that matches it (RFC 9110, 12.5.1).
accepted_quality <- function(type, ranges) {
  patterns <- c(type, sub("/.*", "/*", type), "*/*")
  named <- vapply(ranges, `[[`, "", "type")
  best <- match(patterns, named)
  best <- best[!is.na(best)]
  if (length(best) == 0) {
    return(0)
  }
  q <- ranges[[best[1]]]$parameters["q"]
  if (is.na(q)) 1 else max(0, as_numbers(q), na.rm = TRUE)
}

# Parses `text/csv;q=0.5, */*` into a list of types, each with its parameters.
media_ranges <- function(header) {
  lapply(strsplit(header, ",", fixed = TRUE)[[1]], function(range) {
    words <- trimws(strsplit(range, ";", fixed = TRUE)[[1]])
    pairs <- regmatches(words[-1], regexec("^([^=]*?)\\s*=\\s*\"?([^\"]*)\"?$", words[-1]))
    pairs <- pairs[lengths(pairs) == 3]
    parameters <- vapply(pairs, `[[`, "", 3)
    names(parameters) <- tolower(vapply(pairs, `[[`, "", 2))
    list(type = tolower(c(words, "")[1]), parameters = parameters)
  })
}

# One prediction for each row, with 15 significant digits, which a double always holds.
write_predictions <- function(predictions, type) {
  if (type == csv_type) {
    paste0(sprintf("%.15g\n", predictions), collapse = "")
  } else if (type == jsonlines_type) {
    paste0(sprintf("{\"prediction\": %.15g}\n", predictions), collapse = "")
  } else {
    paste0("{\"predictions\": [", paste0(sprintf("%.15g", predictions), collapse = ", "), "]}\n")
  }
}

# `allow` is the Allow header of an answer with status 405.
answer <- function(status, type, body, allow = NULL) {
  list(status = status, type = type, body = body, allow = allow)
}

answer_error <- function(status, ..., allow = NULL) {
  answer(status, json_type, paste0("{\"error\": ", json_string(paste0(...)), "}\n"), allow)
}
