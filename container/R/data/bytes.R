# Turns a file's raw bytes into clean text, ready to be split into records.

line_feed <- as.raw(0x0a)
carriage_return <- as.raw(0x0d)
separator <- as.raw(0x1f)

starts_with <- function(bytes, start) {
  length(bytes) >= length(start) && all(bytes[seq_along(start)] == as.raw(start))
}

# Decompresses `.csv.gz`. R silently returns what is left of a file that is cut off, so the size is compared with the
# one at the end of the gzip data.
unpack <- function(bytes, name) {
  gzipped <- starts_with(bytes, c(0x1f, 0x8b))
  if (gzipped != endsWith(tolower(name), ".gz")) {
    refuse(name, if (gzipped) " is gzipped: rename it to .csv.gz" else " is not gzipped: rename it to .csv")
  }
  if (!gzipped) {
    return(bytes)
  }
  unpacked <- gunzip(bytes)
  size <- sum(as.numeric(bytes[length(bytes) - 3:0]) * 256^(0:3))
  if (size != length(unpacked) %% 2^32) {
    refuse(name, " is cut off, or consists of several gzip files: compress the whole table again with gzip")
  }
  unpacked
}

gunzip <- function(bytes) {
  connection <- gzcon(rawConnection(bytes))
  on.exit(close(connection))
  blocks <- list()
  repeat {
    block <- readBin(connection, "raw", 2^22)
    if (length(block) == 0) {
      return(do.call(c, c(list(raw(0)), blocks)))
    }
    blocks[[length(blocks) + 1]] <- block
  }
}

# Normalizes text to UTF-8 without a byte order mark, with a single line feed at the end of each line.
tidy_bytes <- function(bytes, name) {
  if (starts_with(bytes, c(0xff, 0xfe)) || starts_with(bytes, c(0xfe, 0xff))) {
    refuse(name, " is encoded as UTF-16: save it as UTF-8")
  }
  if (any(bytes == as.raw(0)) || any(bytes == separator)) {
    refuse(name, " contains control characters: it is not a text file")
  }
  if (starts_with(bytes, c(0xef, 0xbb, 0xbf))) {
    bytes <- bytes[-(1:3)]
  }
  bytes <- end_lines(bytes)
  check_utf8(bytes, name)
  bytes
}

end_lines <- function(bytes) {
  returns <- which(bytes == carriage_return)
  if (length(returns) > 0) {
    before_feed <- c(bytes, line_feed)[returns + 1] == line_feed
    if (any(before_feed)) bytes <- bytes[-returns[before_feed]]
  }
  if (length(bytes) > 0 && bytes[length(bytes)] != line_feed) c(bytes, line_feed) else bytes
}

check_utf8 <- function(bytes, name) {
  text <- rawToChar(bytes)
  if (!validUTF8(text)) {
    lines <- strsplit(text, "\n", fixed = TRUE, useBytes = TRUE)[[1]]
    line <- which(!validUTF8(lines))[1]
    refuse(name, " line ", line, " is not UTF-8 (perhaps Latin-1): save the file as UTF-8")
  }
}
