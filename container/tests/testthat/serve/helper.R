# A served model with two features, and requests to it.
serving_columns <- list(
  y = c(1, 2, 3, 5, 4, 6, 8, 7, 9, 10), x = as.numeric(1:10), colour = rep(c("red", "blue"), 5)
)
serving_prototype <- as_prototype(serving_columns, "y")

serving_model <- function(prototype = serving_prototype) {
  x <- encode(serving_columns, serving_prototype)
  as_served(function() list(fit = fit_model(x, serving_columns$y, defaults), prototype = prototype), workers = 3L)
}

# With `missing=impute`, features have a replacement for missing values.
filled_prototype <- function() {
  prototype <- serving_prototype
  prototype$features$x$fill <- 5.5
  prototype$features$colour$fill <- "blue"
  prototype
}

ask <- function(body, type = "text/csv", accept = "", method = "POST", path = "/invocations", model = serving_model()) {
  bytes <- if (is.raw(body)) body else charToRaw(body)
  respond(list(method = method, path = path, type = type, accept = accept, body = bytes), model)
}
