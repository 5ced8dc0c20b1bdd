# Missing values are refused, or their rows are dropped, or they are imputed from the training rows. A missing target
# is never imputed: its row is dropped.

# Counts the missing values of each column that has any; refuses them if `missing` is "error".
find_gaps <- function(table, missing) {
  if (missing == "error") {
    for (column in names(table$columns)) {
      refuse_cell(
        table, column, is.na(table$columns[[column]]),
        "is missing: fill it in, remove the row, or set `missing` to drop or impute"
      )
    }
  }
  counts <- lapply(table$columns, function(values) sum(is.na(values)))
  list(missing_values = counts[counts > 0])
}

rows_to_keep <- function(columns, target, missing) {
  needed <- if (missing == "drop") columns else columns[target]
  Reduce(`&`, lapply(needed, function(values) !is.na(values)))
}

# Log lines that say how many values are missing and how they are handled.
describe_gaps <- function(gaps, missing) {
  if (length(gaps$missing_values) == 0) {
    return(character())
  }
  counts <- paste0("`", names(gaps$missing_values), "` ", unlist(gaps$missing_values), collapse = ", ")
  done <- switch(missing, drop = "", impute = "; features are imputed with their mean or most frequent level")
  c(paste0("missing values: ", counts, done), paste("rows dropped:", gaps$dropped_rows))
}
