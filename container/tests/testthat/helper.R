# A table of text from CSV text, as training reads it.
table_of <- function(..., name = "train/a.csv") {
  as_table(parse_csv(charToRaw(paste0(..., collapse = "")), name))
}

csv_text <- function(frame) {
  lines <- do.call(paste, c(lapply(frame, as.character), sep = ","))
  paste0(paste(c(paste(names(frame), collapse = ","), lines), collapse = "\n"), "\n")
}

expect_refused <- function(code, ...) {
  expect_error(code, ..., fixed = TRUE, class = "refused")
}

defaults <- list(degree = 1, thresh = 0.001, prune = TRUE, folds = 5, seed = 1)
