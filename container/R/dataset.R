# The rows of both channels, typed and checked: what a training job needs to know about its data.

least_rows <- 10L

# `train` and `validation` are lists of tables (see as_table); the answer's data frames have the target too.
as_dataset <- function(train, validation, target) {
  table <- stack_tables(c(train, validation))
  columns <- names(table$columns)
  if (!target %in% columns) {
    refuse("the data have no column `", target, "`, which `target` names: ", suggest(target, columns))
  }
  if (length(columns) < 2) {
    refuse(table$files[1], " has no column but the target `", target, "`: it needs features too")
  }
  frame <- lapply(stats::setNames(nm = columns), function(column) type_column(table, column))
  trained_on <- seq_along(table$lines) <= sum(lengths(lapply(train, `[[`, "lines")))
  check_rows(sum(trained_on), sum(!trained_on), length(validation))
  check_target(frame[[target]], target, trained_on)
  check_levels(frame, table, trained_on)
  list(
    target = target,
    train = lapply(frame, function(values) values[trained_on]),
    validation = if (length(validation) > 0) lapply(frame, function(values) values[!trained_on])
  )
}

check_rows <- function(train, validation, validation_files) {
  if (train < least_rows) {
    refuse("channel train has ", train, " rows: at least ", least_rows, " are needed")
  }
  if (validation_files > 0 && validation == 0) {
    refuse("channel validation has no rows: add some, or leave the channel out")
  }
}

check_target <- function(values, target, trained_on) {
  if (is.character(values)) {
    refuse("the target `", target, "` is text (", quote_text(values[1]), "): it must be a column of numbers")
  }
  values <- values[trained_on]
  if (all(values == values[1])) {
    refuse("the target `", target, "` is ", values[1], " in every row: there is nothing to learn")
  }
}

# A level that only the validation channel has would be scored as if it were the first level.
check_levels <- function(frame, table, trained_on) {
  for (column in names(frame)[vapply(frame, is.character, TRUE)]) {
    is_new <- !frame[[column]] %in% frame[[column]][trained_on]
    refuse_cell(table, column, is_new, "is a level that channel train does not have")
  }
}
