# Samples rows, and processes rows in blocks.

# Makes random numbers reproducible, whatever the generator's state and kind were before, and on every version of R.
seed_generator <- function(seed) {
  set.seed(seed %% 2147483647, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
}

# Samples at most `at_most` of these rows, in their order; the same rows and seed always give the same sample.
sample_rows <- function(rows, at_most, seed) {
  if (length(rows) <= at_most) {
    return(rows)
  }
  seed_generator(seed)
  rows[sort(sample.int(length(rows), at_most))]
}

block_rows <- 5000L

# Calls `work(rows)` for one block of rows at a time, so that no intermediate result is as long as the data. Garbage is
# collected every few blocks: R itself would let it grow to several times the size of the data, in every process.
by_blocks <- function(rows, work) {
  blocks <- (length(rows) + block_rows - 1L) %/% block_rows
  lapply(seq_len(blocks), function(i) {
    if (i %% 5 == 0) gc(verbose = FALSE, full = FALSE)
    work(rows[seq.int((i - 1L) * block_rows + 1L, min(i * block_rows, length(rows)))])
  })
}
