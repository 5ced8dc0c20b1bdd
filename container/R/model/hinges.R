# The terms of a MARS fit as flat tables of hinge functions max(0, sign * (x - knot)), so that many rows are
# evaluated with few steps. mda's own model.matrix gives the same numbers, column by column of the data.

# For each order of interaction: which terms have so many hinges, and the hinge's column, sign and knot.
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
