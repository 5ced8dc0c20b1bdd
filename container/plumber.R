# The routes that SageMaker asks of a serving container. The model is loaded once, when the routes are.

model <- load_model()

# plumber's own parsers fail on bytes that are no text, before any route can say what is wrong.
plumber::register_parser("as_bytes", function(...) function(value, ...) value, regex = ".", verbose = FALSE)

answer <- function(res, status, type, body) {
  res$status <- status
  res$setHeader("Content-Type", type)
  res$body <- body
  res
}

answer_error <- function(res, status, reason) {
  answer(res, status, "application/json", paste0("{\"error\": ", json_string(reason), "}\n"))
}

answer_score <- function(res, bytes) {
  tryCatch(
    answer(res, 200L, "text/csv; charset=utf-8", score(bytes, model)),
    refused = function(problem) answer_error(res, 400L, conditionMessage(problem))
  )
}

#* Healthy means: there is a model to answer with.
#* @get /ping
function(res) {
  if (is.null(model)) answer_error(res, 503L, "no model is loaded") else answer(res, 200L, "text/plain", "")
}

#* One prediction for each row of CSV.
#* @post /invocations
#* @parser as_bytes
function(req, res) {
  type <- if (is.null(req$CONTENT_TYPE)) "" else req$CONTENT_TYPE
  if (is.null(model)) {
    answer_error(res, 503L, "no model is loaded")
  } else if (!is_csv_type(type)) {
    answer_error(res, 415L, paste0("the content type must be text/csv in UTF-8, not ", quote_text(type)))
  } else {
    answer_score(res, req$bodyRaw)
  }
}
