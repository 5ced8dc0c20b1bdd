# Parses CSV text into a table of text, as training does.
table_of <- function(..., name = "train/a.csv") {
  as_table(parse_csv(charToRaw(paste0(..., collapse = "")), name))
}

typed_table_of <- function(...) type_table(table_of(...))

csv_text <- function(frame) {
  lines <- do.call(paste, c(lapply(frame, as.character), sep = ","))
  paste0(paste(c(paste(names(frame), collapse = ","), lines), collapse = "\n"), "\n")
}

expect_refused <- function(code, ...) {
  expect_error(code, ..., fixed = TRUE, class = "refused")
}

defaults <- as_hyperparameters(list(target = "y"))

with_settings <- function(...) utils::modifyList(defaults, list(...))

skip_unless_compiled <- function() {
  skip_if_not(has_compiled(), "src is not compiled here: R CMD SHLIB -o mars.so *.c")
}
