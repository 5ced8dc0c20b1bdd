# Numbers as text that loses nothing.

# Fixed notation with 17 significant digits, for readers of the log whose pattern knows no exponent.
as_fixed <- function(number) {
  magnitude <- if (number == 0) 0 else floor(log10(abs(number)))
  sprintf("%.*f", as.integer(max(1, 16 - magnitude)), number)
}

# JSON whose numbers have 17 significant digits; jsonlite stops at 15. A number is a scalar unless it is within I().
as_json <- function(value) {
  jsonlite::toJSON(exact(value), auto_unbox = TRUE, json_verbatim = TRUE, pretty = TRUE)
}

exact <- function(value) {
  if (is.list(value)) {
    return(lapply(value, exact))
  }
  if (!is.double(value)) {
    return(value)
  }
  digits <- sprintf("%.17g", value)
  if (inherits(value, "AsIs")) digits <- paste0("[", paste(digits, collapse = ", "), "]")
  structure(digits, class = "json")
}
