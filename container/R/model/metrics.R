# Metrics as text, without loss of precision.

# Fixed notation with 17 significant digits, because the patterns that read metrics from the log match no exponent.
as_fixed <- function(number) {
  magnitude <- if (number == 0) 0 else floor(log10(abs(number)))
  sprintf("%.*f", as.integer(max(1, 16 - magnitude)), number)
}

# Names in the log for those that would contain the objective's pattern "mse: ", or that metrics.json spells out.
log_names <- c(
  train_mean_squared_error = "train_error", rmse = "error_root", mse_se = "error_se", mae = "error_absolute",
  baseline_mse = "error_of_mean", linear_mse = "error_of_linear", r2 = "rsq"
)

# The log lines of all other metrics: one for each finite number except the objective.
metric_lines <- function(metrics) {
  renamed <- names(metrics) %in% names(log_names)
  names(metrics)[renamed] <- log_names[names(metrics)[renamed]]
  is_one <- vapply(metrics, function(value) is.numeric(value) && length(value) == 1 && is.finite(value), TRUE)
  values <- unlist(metrics[is_one & names(metrics) != "mse"])
  paste0(names(values), ": ", sub("\\.0+$", "", vapply(values, as_fixed, "")))
}
