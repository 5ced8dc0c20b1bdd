# Serves the same answers with plumber, in a single process, for machines without nginx. The model is loaded once,
# together with the routes.

model <- as_served(load_model)

# plumber's own parsers fail on bytes that are not text, before any route can report what is wrong.
plumber::register_parser("as_bytes", function(...) function(value, ...) value, regex = ".", verbose = FALSE)

text_of <- function(header) {
  if (is.null(header)) "" else iconv(header, "UTF-8", "UTF-8", sub = "byte")
}

as_request <- function(req) {
  req$rook.input$rewind()
  list(
    method = req$REQUEST_METHOD, path = text_of(req$PATH_INFO), type = text_of(req$CONTENT_TYPE),
    accept = text_of(req$HTTP_ACCEPT), body = req$rook.input$read()
  )
}

# Handles every path: `respond` knows which exist.
#* @filter respond
function(req, res) {
  answer <- respond(as_request(req), model)
  res$status <- answer$status
  res$setHeader("Content-Type", answer$type)
  if (!is.null(answer$allow)) res$setHeader("Allow", answer$allow)
  res$body <- answer$body
  res
}
