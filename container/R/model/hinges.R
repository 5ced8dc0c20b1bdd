# The terms of a MARS fit as flat tables of hinge functions max(0, sign * (x - knot)), which a few vectorized steps
# evaluate for many rows. mda's own model.matrix gives the same numbers, but takes one column of the data at a time.

# For each order of interaction: the terms that have at least that many hinges, and the column, sign and knot of that
# hinge.
as_hinges <- function(fit) {
  signs <- fit$factor[fit$selected.terms, , drop = FALSE]
  knots <- fit$cuts[fit$selected.terms, , drop = FALSE]
  columns <- lapply(seq_len(nrow(signs)), function(term) unname(which(signs[term, ] != 0)))
  depth <- max(0L, lengths(columns))
  levels <- lapply(seq_len(depth), function(level) {
    terms <- which(lengths(columns) >= level)
    column <- vapply(columns[terms], `[`, 0L, level)
    at <- cbind(terms, column)
    list(terms = terms, column = column, sign = signs[at], knot = knots[at])
  })
  list(terms = length(columns), levels = levels)
}

# The value of each term (a column) for each row of `x`; the first term is the constant.
term_matrix <- function(hinges, x) {
  rows <- nrow(x)
  values <- matrix(1, rows, hinges$terms)
  for (level in hinges$levels) {
    beyond <- x[, level$column, drop = FALSE]
    beyond <- (beyond - rep(level$knot, each = rows)) * rep(level$sign, each = rows)
    beyond[beyond < 0] <- 0
    values[, level$terms] <- values[, level$terms] * beyond
  }
  values
}
