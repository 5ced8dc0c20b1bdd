# Metrics as text, without loss of precision.

# Fixed notation with 17 significant digits, because the patterns that read metrics from the log match no exponent.
as_fixed <- function(number) {
  magnitude <- if (number == 0) 0 else floor(log10(abs(number)))
  sprintf("%.*f", as.integer(max(1, 16 - magnitude)), number)
}

# The log lines of all other metrics: one for each finite number except the objective.
metric_lines <- function(metrics) {
  names(metrics)[names(metrics) == "train_mean_squared_error"] <- "train_error"
  is_one <- vapply(metrics, function(value) is.numeric(value) && length(value) == 1 && is.finite(value), TRUE)
  values <- unlist(metrics[is_one & names(metrics) != "mse"])
  paste0(names(values), ": ", sub("\\.0+$", "", vapply(values, as_fixed, "")))
}
