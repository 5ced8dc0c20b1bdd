# One MARS fit, and what it predicts. On many rows the knots are searched on a sample of them, which costs
# rows x columns x terms^2, and the coefficients are then estimated on all rows, which is cheap.

# `x` is a numeric matrix, `y` as long as it has rows; the fit sees only `rows` of them, and keeps only what
# predicting needs, not the data.
fit_mars <- function(x, y, settings, rows = seq_along(y), estimation_rows = Inf) {
  searched <- sample_rows(rows, search_rows(ncol(x), settings), settings$seed)
  whole <- length(searched) == length(y)
  fit <- search_terms(if (whole) x else x[searched, , drop = FALSE], if (whole) y else y[searched], settings)
  fit[c("call", "x", "residuals", "fitted.values")] <- NULL
  fit$hinges <- as_hinges(fit)
  fit$searched_rows <- length(searched)
  if (length(searched) < length(rows)) {
    fit$coefficients <- estimate(fit$hinges, x, y, sample_rows(rows, estimation_rows, settings$seed))
  }
  fit
}

search_terms <- function(x, y, settings) {
  arguments <- list(
    x = x, y = y, degree = settings$degree, nk = settings$nk, thresh = settings$thresh, prune = settings$prune
  )
  do.call(mda::mars, c(arguments, list(penalty = settings$penalty)[!is.null(settings$penalty)]), quote = TRUE)
}

# How many rows the knots are searched on: as given, else 10,000 and fewer when there are many columns.
search_rows <- function(columns, settings) {
  if (is.null(settings$max_search_rows)) max(1000, min(10000, 300000 %/% columns)) else settings$max_search_rows
}

# At most `at_most` of these rows, in their order; the same ones for the same rows and seed.
sample_rows <- function(rows, at_most, seed) {
  if (length(rows) <= at_most) {
    return(rows)
  }
  seed_generator(seed)
  rows[sort(sample.int(length(rows), at_most))]
}

block_rows <- 5000L

# `work(rows)` for one block of rows after the other. What a block leaves behind is collected soon: R alone would
# let it grow to several times the data, in every process.
by_blocks <- function(rows, work) {
  blocks <- split(rows, (seq_along(rows) - 1L) %/% block_rows)
  lapply(seq_along(blocks), function(i) {
    if (i %% 5 == 0) gc(verbose = FALSE, full = FALSE)
    work(blocks[[i]])
  })
}

# Least squares over blocks of rows, so that no matrix of all rows times all terms is ever held. Terms are
# scaled, and one that depends on others gets 0.
estimate <- function(hinges, x, y, rows) {
  sums <- by_blocks(rows, function(block) {
    values <- term_matrix(hinges, x[block, , drop = FALSE])
    crossprod(values, cbind(values, y[block], deparse.level = 0))
  })
  gram <- Reduce(`+`, sums)
  moment <- gram[, ncol(gram)]
  gram <- gram[, -ncol(gram), drop = FALSE]
  scale <- sqrt(pmax(diag(gram), .Machine$double.xmin))
  solved <- qr.coef(qr(gram / outer(scale, scale), tol = 1e-10), moment / scale) / scale
  solved[is.na(solved)] <- 0
  matrix(solved, ncol = 1)
}

predict_mars <- function(fit, x) {
  drop(term_matrix(fit$hinges, x) %*% fit$coefficients)
}

# Squared errors of some rows, each of which the fit may or may not have seen.
squared_errors <- function(fit, x, y, rows = seq_along(y)) {
  errors <- by_blocks(rows, function(block) (y[block] - predict_mars(fit, x[block, , drop = FALSE]))^2)
  unlist(errors, use.names = FALSE)
}
