# The column that decides about folds: groups that stay together, or times in whose order earlier rows predict later
# ones. It is checked here, and is no feature.

# `rule` (see fold_rule) may be NULL. Returns the column's values, of all rows of the table.
read_fold_column <- function(table, rule, trained_on) {
  if (is.null(rule)) {
    return(NULL)
  }
  check_column(rule$name, rule$column, names(table$columns))
  values <- table$columns[[rule$column]]
  refuse_cell(
    table, rule$column, is.na(values) & trained_on, paste0("is missing: `", rule$name, "` needs it in every row")
  )
  if (rule$in_order && is.character(values)) check_times(table, rule$column, trained_on)
  values
}

# Text is in order of time only if all of it is written alike, with the same offset from UTC.
check_times <- function(table, column, trained_on) {
  texts <- table$columns[[column]]
  refuse_cell(
    table, column, trained_on & !grepl(time_pattern, texts, perl = TRUE),
    "is not an ISO date: write it like 2024-01-31 or 2024-01-31T08:30:00, or as a number"
  )
  first <- texts[trained_on][1]
  refuse_cell(
    table, column, trained_on & time_form(texts) != time_form(first),
    paste0("is not written like ", first, ": times are compared as text, so all need one form and one offset")
  )
}

# A month, a day, or a time of day with or without its offset, in Perl's notation. chalicelib/csv/times.py has the same.
time_pattern <- paste0(
  "^[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])",
  "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?)?\\z"
)

# The text with each digit replaced by 0, except in the offset.
time_form <- function(texts) {
  offset <- regexpr("(Z|[+-][0-9]{2}:?[0-9]{2})\\z", texts, perl = TRUE)
  end <- ifelse(offset > 0, offset - 1, nchar(texts))
  paste0(chartr("123456789", "000000000", substr(texts, 1, end)), substring(texts, end + 1))
}

# `values` are those of the rows to train on.
check_parts <- function(values, rule) {
  needed <- rule$count + rule$in_order
  found <- length(unique(values))
  if (found < needed) {
    refuse(
      "column `", rule$column, "` has ", quantity(found, "different value"), " in channel train, but ", rule$count,
      " folds", if (rule$in_order) " in its order", " need at least ", needed, ": use fewer `folds`, or another column"
    )
  }
}
