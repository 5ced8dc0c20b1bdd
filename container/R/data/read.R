# Reads a channel's file as a typed table, with the strict parser, or with data.table where the result is the same:
# it reads a big file a hundred times faster, but accepts input that must be refused.

# Below this size, loading data.table takes longer than parsing strictly.
fast_from_bytes <- 2^18

# `cores`: the number of threads that data.table may use.
read_table <- function(path, name, cores = 1L) {
  packed <- endsWith(tolower(name), ".gz")
  bytes <- if (packed) unpack(read_bytes(path), name)
  if (max(length(bytes), file.size(path)) >= fast_from_bytes && has_fread()) {
    fast <- read_fast(if (packed) write_temporary(bytes) else path, name, cores)
    if (!is.null(fast)) return(fast)
  }
  type_table(as_table(parse_csv(if (packed) bytes else unpack(read_bytes(path), name), name)))
}

# fread cannot decompress gzip by itself.
write_temporary <- function(bytes) {
  path <- tempfile(fileext = ".csv")
  writeBin(bytes, path)
  path
}

read_bytes <- function(path) {
  readBin(path, "raw", file.size(path))
}

has_fread <- function() {
  suppressWarnings(requireNamespace("data.table", quietly = TRUE))
}

# NULL unless the result certainly equals the strict parser's, which then reports what is wrong and where.
read_fast <- function(path, name, cores = 1L) {
  frame <- fread_quietly(path, NULL, cores)
  odd <- if (!is.null(frame)) names(frame)[!vapply(frame, is_plain, TRUE)]
  if (length(odd) > 0) frame <- fread_quietly(path, odd, cores)
  if (is.null(frame) || !has_sound_header(names(frame))) {
    return(NULL)
  }
  columns <- lapply(as.list(frame), settle_column)
  if (any(vapply(columns, is.null, TRUE))) {
    return(NULL)
  }
  list(name = name, columns = columns, lines = seq_len(nrow(frame)) + 1L, rows = nrow(frame))
}

# A warning means that fread repaired or skipped something. `as_text` names columns to read as text.
fread_quietly <- function(path, as_text, cores) {
  tryCatch(
    data.table::fread(
      file = path, sep = ",", quote = "\"", header = TRUE, na.strings = missing_words, strip.white = FALSE,
      blank.lines.skip = FALSE, encoding = "UTF-8", integer64 = "double", logical01 = FALSE,
      colClasses = if (!is.null(as_text)) list(character = as_text), data.table = FALSE, showProgress = FALSE,
      nThread = cores
    ),
    warning = function(problem) NULL, error = function(problem) NULL
  )
}

# What fread reads as dates, as TRUE and FALSE or as missing may be levels.
is_plain <- function(values) {
  is.character(values) || (is.numeric(values) && !is.object(values))
}

has_sound_header <- function(names) {
  length(names) > 1 && all(validUTF8(names)) && !any(grepl("\"", names, fixed = TRUE)) &&
    !any(trimws(names) == "") && anyDuplicated(names) == 0
}

# The column as the strict parser would return it, or NULL if in doubt.
settle_column <- function(values) {
  if (is.numeric(values)) {
    return(if (any(is.infinite(values))) NULL else as.numeric(values))
  }
  levels <- unique(values)
  levels <- levels[!is.na(levels)]
  if (length(levels) == 0) {
    return(rep(NA, length(values)))
  }
  doubtful <- !all(validUTF8(levels)) || any(grepl("[\"\r\x1f]", levels)) || any(is_missing(levels)) ||
    any(!is.na(as_numbers(levels)))
  if (doubtful) NULL else values
}
