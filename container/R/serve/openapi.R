# The OpenAPI description of the routes for the loaded model: its features, their levels and which of them may be
# missing.

openapi <- function(prototype) {
  paste0(as_json(list(
    openapi = "3.1.0",
    info = list(title = paste0("Predictions of `", prototype$target, "`"), version = "1"),
    paths = list(
      "/ping" = list(get = list(summary = "Check health.", responses = list(
        "200" = list(description = "A model is loaded."), "503" = error_response("No model is loaded, and why.")
      ))),
      "/invocations" = list(post = describe_invocations(prototype)),
      "/execution-parameters" = list(get = list(
        summary = "Get the limits for batch transform.",
        responses = list("200" = described("The limits.", json_type, list(type = "object")))
      )),
      "/openapi.json" = list(get = list(
        summary = "Get this description.",
        responses = list("200" = described("An OpenAPI 3 document.", json_type, list(type = "object")))
      ))
    ),
    components = list(schemas = describe_rows(prototype))
  )), "\n")
}

describe_invocations <- function(prototype) {
  list(
    summary = "Predict one value for each row, in the order of the rows.",
    description = paste(
      "CSV may start with a header; without one, fields must be in the order of the properties of Record. The answer",
      "has the format that Accept asks for, by default that of the request. Rows with names may also have these",
      "columns, which are ignored:", paste0(quote_names(unused_columns(prototype)), ".")
    ),
    requestBody = list(required = TRUE, content = stats::setNames(
      list(
        text_body("Rows of CSV."), list(schema = reference("Rows")),
        text_body("One record or array per line.")
      ),
      data_types
    )),
    responses = list(
      "200" = list(description = "The predictions.", content = stats::setNames(
        list(
          text_body("One number per line."), list(schema = reference("Predictions")),
          text_body("One prediction per line.")
        ),
        data_types
      )),
      "400" = error_response("The request is not valid. For a value, the error names its row and column."),
      "406" = error_response("Accept allows none of the supported types."),
      "413" = error_response(paste0("The request is larger than ", max_payload_mb, " MiB.")),
      "415" = error_response("The content type is not supported."),
      "503" = error_response("No model is loaded.")
    )
  )
}

describe_rows <- function(prototype) {
  features <- lapply(prototype$features, describe_values)
  names <- names(features)
  columns <- lapply(features, function(feature) list(type = "array", items = feature))
  ignored <- function(...) {
    lapply(stats::setNames(nm = unused_columns(prototype)), function(name) list(..., description = "Ignored."))
  }
  array_of <- function(...) list(type = "array", minItems = 1L, items = list(...))
  list(
    Record = object_schema(c(features, ignored()), names),
    Records = array_of("$ref" = "#/components/schemas/Record"),
    Columns = object_schema(c(columns, ignored(type = "array")), names),
    Arrays = array_of(type = "array", minItems = length(names), maxItems = length(names), items = list(
      anyOf = unname(features)
    )),
    Instances = object_schema(list(instances = one_of("Records", "Arrays")), "instances"),
    Rows = one_of("Records", "Columns", "Arrays", "Instances"),
    Prediction = object_schema(list(prediction = list(type = "number")), "prediction"),
    Predictions = object_schema(list(predictions = list(type = "array", items = list(type = "number"))), "predictions"),
    Error = object_schema(list(error = list(type = "string")), "error")
  )
}

describe_values <- function(feature) {
  levels <- feature$levels
  values <- if (is.null(levels)) list(type = "number") else list(type = "string", enum = as.list(levels))
  if (is.null(feature$fill)) {
    return(values)
  }
  list(anyOf = list(values, list(type = "null")), description = paste0("A missing value counts as ", feature$fill, "."))
}

object_schema <- function(properties, required) {
  list(type = "object", required = as.list(required), additionalProperties = FALSE, properties = properties)
}

reference <- function(name) {
  list("$ref" = paste0("#/components/schemas/", name))
}

one_of <- function(...) {
  list(oneOf = lapply(c(...), reference))
}

text_body <- function(description) {
  list(schema = list(type = "string", description = description))
}

described <- function(description, type, schema) {
  list(description = description, content = stats::setNames(list(list(schema = schema)), type))
}

error_response <- function(description) {
  described(description, json_type, reference("Error"))
}
