openapi <- function(prototype) "{}"
