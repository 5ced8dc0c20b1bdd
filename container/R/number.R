# Numbers as text that loses nothing.

# Fixed notation with 17 significant digits, for readers of the log whose pattern knows no exponent.
as_fixed <- function(number) {
  magnitude <- if (number == 0) 0 else floor(log10(abs(number)))
  sprintf("%.*f", as.integer(max(1, 16 - magnitude)), number)
}

# What else a metric definition may read from the log, a line each. The objective is not among them.
metric_lines <- function(metrics) {
  names <- c("rsq", "gcv", "terms", "seconds")
  values <- c(train_error = metrics$train_mean_squared_error, unlist(metrics[names]))
  values <- values[is.finite(values)]
  paste0(names(values), ": ", sub("\\.0+$", "", vapply(values, as_fixed, "")))
}
