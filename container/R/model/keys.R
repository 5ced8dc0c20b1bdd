# A key for each row: a hash of its features, so that what happens to a row does not depend on where it stands.

# Two primes whose products with each other stay exact in doubles; together 52 bits.
hash_primes <- c(67108859, 67108837)
hash_factors <- c(31415821, 27182819)

# The keys of rows with these columns (numbers or text), as doubles with whole values below 2^52. Equal rows have equal
# keys; the order of the columns matters.
row_keys <- function(columns) {
  rows <- length(columns[[1]])
  hashes <- lapply(hash_primes, function(prime) rep(1, rows))
  for (values in columns) {
    parts <- if (is.character(values)) text_parts(values) else number_parts(values)
    for (part in parts) {
      for (i in 1:2) hashes[[i]] <- (hashes[[i]] * hash_factors[i] + part) %% hash_primes[i]
    }
  }
  hashes[[1]] * 2^26 + hashes[[2]]
}

# A number's 64 bits as two whole numbers below 2^32; 0 and -0 are equal, and so are all missing values.
number_parts <- function(values) {
  values <- values + 0
  values[is.na(values)] <- NaN
  bytes <- writeBin(as.double(values), raw(), endian = "little")
  halves <- readBin(bytes, "integer", 2 * length(values), 4L, endian = "little")
  halves <- halves + 2147483648
  halves[is.na(halves)] <- 0 # R takes the least integer for a missing one
  odd <- seq.int(1, by = 2, length.out = length(values))
  list(halves[odd], halves[odd + 1])
}

# Text as the hash of its UTF-8 bytes; a missing value has a hash of its own. All texts are hashed at once, a byte of
# each at a time: groups may have a hundred thousand names.
text_parts <- function(values) {
  known <- unique(values)
  bytes <- lapply(enc2utf8(known), charToRaw)
  lengths <- lengths(bytes)
  before <- cumsum(lengths) - lengths
  bytes <- as.integer(unlist(bytes))
  hashes <- lapply(hash_primes, function(prime) ifelse(is.na(known), 0, 1))
  for (position in seq_len(max(lengths))) {
    at <- which(lengths >= position & !is.na(known))
    byte <- bytes[before[at] + position]
    for (i in 1:2) hashes[[i]][at] <- (hashes[[i]][at] * hash_factors[i] + byte + 2) %% hash_primes[i]
  }
  lapply(hashes, `[`, match(values, known))
}
