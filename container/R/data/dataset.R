# Combines the tables of both channels into one checked dataset.

least_rows <- 10L

# `train` and `validation` are lists of typed tables (see type_table), `rule` is what fold_rule returns. The columns
# returned include the target, and NA only if `missing` is "impute"; `gaps` counts the missing values. The rule's column
# is apart, in `parts`.
as_dataset <- function(train, validation, target, missing = "error", rule = NULL) {
  table <- stack_tables(c(train, validation))
  check_column("target", target, names(table$columns))
  trained_on <- seq_len(sum(table$rows)) <= sum(vapply(train, `[[`, 0L, "rows"))
  parts <- read_fold_column(table, rule, trained_on)
  check_features(setdiff(names(table$columns), rule$column), target, table$name[1])
  gaps <- find_gaps(table, missing)
  keep <- rows_to_keep(table$columns, target, missing)
  table$columns <- table$columns[setdiff(names(table$columns), rule$column)]
  check_rows(sum(trained_on & keep), sum(!trained_on & keep), length(validation), sum(!keep))
  check_target(table$columns[[target]][trained_on & keep], target)
  check_values(table$columns, target, trained_on & keep)
  check_levels(table, trained_on & keep)
  if (!is.null(rule)) check_parts(parts[trained_on & keep], rule)
  list(
    target = target,
    train = take(table$columns, trained_on & keep),
    validation = if (length(validation) > 0) take(table$columns, !trained_on & keep),
    parts = if (!is.null(rule)) list(train = parts[trained_on & keep], validation = parts[!trained_on & keep]),
    gaps = c(gaps, list(dropped_rows = sum(!keep)))
  )
}

take <- function(columns, rows) {
  if (all(rows)) columns else lapply(columns, function(values) values[rows])
}

check_column <- function(name, column, columns) {
  if (!column %in% columns) {
    refuse("`", name, "` is `", column, "`, but the data has no such column: ", suggest(column, columns))
  }
}

check_features <- function(columns, target, file) {
  if (length(columns) < 2) {
    refuse(file, " has no feature besides the target `", target, "`: add at least one")
  }
}

check_rows <- function(train, validation, validation_files, dropped) {
  left <- if (dropped > 0) paste0(" left after dropping ", dropped, " with missing values") else ""
  if (train < least_rows) {
    refuse("channel train has ", quantity(train, "row"), left, ": at least ", least_rows, " are needed")
  }
  if (validation_files > 0 && validation == 0) {
    refuse("channel validation has no rows", left, ": add rows, or omit the channel")
  }
}

check_target <- function(values, target) {
  if (is.character(values)) {
    refuse("the target `", target, "` is text (", quote_text(values[1]), "): it must be numeric")
  }
  if (all(values == values[1])) {
    refuse("the target `", target, "` is ", values[1], " in every row: there is nothing to learn")
  }
  check_spread(values, target)
}

# SageMaker keeps the objective, which is of the order of the target's variance, as a 32-bit number.
check_spread <- function(values, target) {
  largest <- max(abs(values))
  deviation <- stats::sd(values / largest) * largest
  if (deviation < 1e-15 || deviation > 1e15) {
    unit <- signif(10^floor(log10(deviation)), 1)
    refuse(
      "the target `", target, "` has a standard deviation of ", signif(deviation, 3),
      ", outside of 1e-15 to 1e15: divide the column by ", unit
    )
  }
}

check_values <- function(columns, target, trained_on) {
  for (column in setdiff(names(columns), target)) {
    if (all(is.na(columns[[column]][trained_on]))) {
      refuse("column `", column, "` has no values in channel train: remove the column")
    }
  }
}

# A level that only the validation channel has would be scored as if it were the first level.
check_levels <- function(table, trained_on) {
  for (column in names(table$columns)[vapply(table$columns, is.character, TRUE)]) {
    values <- table$columns[[column]]
    is_new <- !is.na(values) & !values %in% values[trained_on]
    refuse_cell(table, column, is_new, "is a level that does not occur in channel train")
  }
}
