# Answers: which format Accept asks for, and predictions written in it.

csv_type <- "text/csv"
json_type <- "application/json"
jsonlines_type <- "application/jsonlines"
data_types <- c(csv_type, json_type, jsonlines_type)

# The data type that a Content-Type names; NA if it is none of ours or not in UTF-8.
content_type <- function(header) {
  if (header %in% data_types) {
    return(header)
  }
  parts <- media_ranges(header)
  charset <- if (length(parts) == 1) tolower(parts[[1]]$parameters["charset"]) else NA
  known <- length(parts) == 1 && parts[[1]]$type %in% data_types
  if (known && (is.na(charset) || charset %in% c("utf-8", "us-ascii"))) parts[[1]]$type else NA_character_
}

# The data type to answer in: the best that `Accept` allows, `default` where it does not care; NA if it allows
# none of them.
accepted_type <- function(header, default) {
  if (header %in% c("", "*/*")) {
    return(default)
  }
  candidates <- unique(c(default, data_types))
  quality <- vapply(candidates, accepted_quality, 0, ranges = media_ranges(header))
  if (max(quality) <= 0) NA_character_ else candidates[which.max(quality)]
}

# The most specific range that covers the type says how welcome it is (RFC 9110, 12.5.1).
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

# `text/csv;q=0.5, */*` as a list of types, each with its parameters.
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

# One prediction for each row: 15 digits, which is what predictions of a float64 model can be told apart by.
write_predictions <- function(predictions, type) {
  if (type == csv_type) {
    paste0(sprintf("%.15g\n", predictions), collapse = "")
  } else if (type == jsonlines_type) {
    paste0(sprintf("{\"prediction\": %.15g}\n", predictions), collapse = "")
  } else {
    paste0("{\"predictions\": [", paste0(sprintf("%.15g", predictions), collapse = ", "), "]}\n")
  }
}

# `allow` is what the header Allow says of a method that is not allowed.
answer <- function(status, type, body, allow = NULL) {
  list(status = status, type = type, body = body, allow = allow)
}

answer_error <- function(status, ..., allow = NULL) {
  answer(status, json_type, paste0("{\"error\": ", json_string(paste0(...)), "}\n"), allow)
}
