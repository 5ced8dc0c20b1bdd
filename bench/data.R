# Write data with a known truth: Friedman's first function of five columns, plus noise of variance 1, so that no model can
# have a mean squared error below 1 on unseen rows.
#
#   Rscript bench/data.R FILE.csv ROWS COLUMNS ACTIVE SEED     `ACTIVE` columns matter, in groups of five

given <- commandArgs(trailingOnly = TRUE)
size <- as.numeric(given[2:5])
set.seed(size[4])
x <- matrix(runif(size[1] * size[2]), ncol = size[2], dimnames = list(NULL, paste0("x", seq_len(size[2]))))
friedman <- function(first) {
  at <- function(i) x[, first + i - 1]
  10 * sin(pi * at(1) * at(2)) + 20 * (at(3) - 0.5)^2 + 10 * at(4) + 5 * at(5)
}
groups <- seq(1, size[3], by = 5)
y <- rowSums(vapply(groups, friedman, numeric(size[1]))) + rnorm(size[1])
data.table::fwrite(data.frame(y, x), given[1])
