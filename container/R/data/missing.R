# Missing values: refused, or their rows dropped, or replaced by what the training rows say is usual. A missing
# target is never made up: its row is dropped.

# How many values each column lacks, of those that lack any. Refuses them where `missing` is "error".
find_gaps <- function(table, missing) {
  if (missing == "error") {
    for (column in names(table$columns)) {
      refuse_cell(
        table, column, is.na(table$columns[[column]]),
        "is missing: fill it in, leave the row out, or set `missing` to drop or impute"
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

# What was done about it, as lines for the log.
describe_gaps <- function(gaps, missing) {
  if (length(gaps$missing_values) == 0) {
    return(character())
  }
  counts <- paste0("`", names(gaps$missing_values), "` ", unlist(gaps$missing_values), collapse = ", ")
  done <- switch(missing, drop = "", impute = "; means and most frequent levels stand for those of features")
  c(paste0("missing values: ", counts, done), paste("rows dropped:", gaps$dropped_rows))
}
