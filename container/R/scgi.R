# SCGI, by which nginx hands a request to a worker: a netstring of NUL-separated names and values, then the body;
# the answer is headers, an empty line and a body (https://python.ca/scgi/protocol.txt).

# `header`: the netstring's bytes. The request as `respond` takes it, but for its body; `size` is the body's.
read_scgi_header <- function(header) {
  header[header == as.raw(0)] <- line_feed # no value can hold one: nginx passes the URI as it was sent
  words <- strsplit(rawToChar(header), "\n", fixed = TRUE, useBytes = TRUE)[[1]]
  words <- iconv(words, "UTF-8", "UTF-8", sub = "byte")
  names <- seq.int(1L, by = 2L, length.out = length(words) %/% 2L)
  values <- stats::setNames(as.list(words[names + 1L]), words[names])
  list(
    method = values$REQUEST_METHOD, path = sub("\\?.*", "", values$REQUEST_URI),
    type = values$CONTENT_TYPE, accept = values$HTTP_ACCEPT,
    size = as.integer(values$CONTENT_LENGTH), key = values$WORKER_KEY
  )
}

write_scgi_answer <- function(answer) {
  body <- charToRaw(answer$body)
  allow <- if (!is.null(answer$allow)) paste0("Allow: ", answer$allow, "\r\n")
  head <- paste0(
    "Status: ", answer$status, "\r\nContent-Type: ", answer$type, "\r\n", allow,
    "Content-Length: ", length(body), "\r\n\r\n"
  )
  c(charToRaw(head), body)
}
