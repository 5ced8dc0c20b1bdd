# Answers a request: a pure function that does not depend on the server in front of it.

# SageMaker's own limit, which nginx enforces too.
max_payload_mb <- 6L

# `request`: method, path, type (Content-Type), accept and body (raw). `model`: see as_served. The answer: status,
# type and body (text).
respond <- function(request, model) {
  route <- routes[[request$path]]
  if (is.null(route)) {
    return(answer_error(404L, "there is no route ", quote_text(request$path), ": see /openapi.json"))
  }
  if (!request$method %in% route$methods) {
    methods <- paste(route$methods, collapse = ", ")
    return(answer_error(405L, request$path, " accepts only ", methods, allow = methods))
  }
  tryCatch(
    route$answer(request, model),
    refused = function(problem) answer_error(400L, conditionMessage(problem)),
    error = function(problem) answer_error(500L, "internal error: ", conditionMessage(problem))
  )
}

routes <- list(
  "/ping" = list(methods = c("GET", "HEAD"), answer = function(request, model) ping(model)),
  "/invocations" = list(methods = "POST", answer = function(request, model) invoke(request, model)),
  "/execution-parameters" = list(
    methods = c("GET", "HEAD"), answer = function(request, model) answer(200L, json_type, execution_parameters(model))
  ),
  "/openapi.json" = list(methods = c("GET", "HEAD"), answer = function(request, model) describe(model))
)

# Loads a model for serving: the fit and its prototype, or the `problem` that prevents serving it.
as_served <- function(load, workers = 1L) {
  tryCatch(
    {
      model <- load()
      predict_rows(typical_row(model$prototype), model)
      list(fit = model$fit, prototype = model$prototype, workers = workers)
    },
    error = function(problem) list(problem = conditionMessage(problem), workers = workers)
  )
}

# A row that every model with this prototype must be able to score.
typical_row <- function(prototype) {
  lapply(prototype$features, function(feature) {
    if (feature$type == "factor") feature$levels[1] else feature$min
  })
}

answer_unserved <- function(model) {
  answer_error(503L, "no model is loaded: ", model$problem)
}

# Healthy means that a model is loaded and has made a prediction.
ping <- function(model) {
  if (is.null(model$problem)) answer(200L, "text/plain", "") else answer_unserved(model)
}

describe <- function(model) {
  if (is.null(model$problem)) answer(200L, json_type, openapi(model$prototype)) else answer_unserved(model)
}

# Batch transform asks for these limits first: it may send as many requests at a time as there are workers.
execution_parameters <- function(model) {
  paste0(as_json(list(
    MaxConcurrentTransforms = model$workers, BatchStrategy = "MULTI_RECORD", MaxPayloadInMB = max_payload_mb
  )), "\n")
}

invoke <- function(request, model) {
  if (!is.null(model$problem)) {
    return(answer_unserved(model))
  }
  type <- content_type(request$type)
  if (is.na(type)) {
    known <- paste(data_types, collapse = ", ")
    return(answer_error(415L, "the content type must be one of ", known, " in UTF-8, not ", quote_text(request$type)))
  }
  wanted <- accepted_type(request$accept, type)
  if (is.na(wanted)) {
    known <- paste(data_types, collapse = ", ")
    return(answer_error(406L, "Accept must allow one of ", known, ", but is ", quote_text(request$accept)))
  }
  if (length(request$body) > max_payload_mb * 2^20) {
    return(answer_error(413L, "the request is larger than ", max_payload_mb, " MiB: send fewer rows per request"))
  }
  answer(200L, wanted, write_predictions(score(request$body, type, model), wanted))
}

# One finite prediction for each row.
score <- function(bytes, type, model) {
  readers <- list(read_csv_request, read_json_request, read_jsonlines_request)
  table <- readers[[match(type, data_types)]](bytes, model$prototype)
  predict_rows(as_features(table, model$prototype), model)
}

predict_rows <- function(features, model) {
  predictions <- predict_model(model$fit, encode(features, model$prototype))
  lost <- which(!is.finite(predictions))[1]
  if (!is.na(lost)) {
    refuse("row ", lost, " is too far from the training data: its prediction is not finite")
  }
  predictions
}
