# SCGI, the protocol between nginx and a worker. A request is a netstring of NUL-separated names and values, then the
# body; an answer is headers, an empty line and a body (https://python.ca/scgi/protocol.txt).

# Parses `header`, the netstring's bytes, into a request as `respond` takes it, with the `size` of its body in place
# of the body.
read_scgi_header <- function(header) {
  header[header == as.raw(0)] <- line_feed # no value can contain one: nginx passes the URI as it was sent
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

reasons <- c(
  "200" = "OK", "400" = "Bad Request", "404" = "Not Found", "405" = "Method Not Allowed", "406" = "Not Acceptable",
  "413" = "Content Too Large", "415" = "Unsupported Media Type", "500" = "Internal Server Error",
  "503" = "Service Unavailable"
)

write_scgi_answer <- function(answer) {
  body <- charToRaw(answer$body)
  head <- c(
    paste("Status:", answer$status, reasons[[as.character(answer$status)]]),
    paste("Content-Type:", answer$type),
    paste("Content-Length:", length(body)),
    if (!is.null(answer$allow)) paste("Allow:", answer$allow)
  )
  c(charToRaw(paste0(c(head, "", ""), collapse = "\r\n")), body)
}
