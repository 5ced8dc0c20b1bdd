# The terms of a MARS model in one flat form, whatever the engine: tables of hinge functions
# max(0, sign * (x - knot)), which a few vectorized steps evaluate for many rows. The engines' own code gives the same
# numbers, but takes one column of the data at a time.

# `direction` and `knot` have a row for each term and a column for each of the data's: the direction is 0 where a term
# does not have the column, 1 or -1 for a hinge, 2 for x - knot as it is. The first term is the constant. For each order
# of interaction: the terms that have at least that many factors, and the column, sign and knot of that factor.
as_hinges <- function(direction, knot) {
  columns <- lapply(seq_len(nrow(direction)), function(term) unname(which(direction[term, ] != 0)))
  depth <- max(0L, lengths(columns))
  levels <- lapply(seq_len(depth), function(level) {
    terms <- which(lengths(columns) >= level)
    column <- vapply(columns[terms], `[`, 0L, level)
    at <- cbind(terms, column)
    list(
      terms = terms, column = column, sign = pmin(direction[at], 1), knot = knot[at], straight = direction[at] == 2
    )
  })
  list(terms = length(columns), levels = levels)
}

# The value of each term (a column) for each row of `x`.
term_matrix <- function(hinges, x) if (has_compiled()) compiled_terms_of(hinges, x) else plain_terms_of(hinges, x)

compiled_terms_of <- function(hinges, x) {
  storage.mode(x) <- "double"
  levels <- lapply(hinges$levels, function(level) {
    # Models of earlier releases have no straight factors.
    straight <- if (is.null(level$straight)) logical(length(level$terms)) else level$straight
    list(as.integer(level$terms), as.integer(level$column), as.double(level$sign), as.double(level$knot), straight)
  })
  .Call(compiled$mars_terms, x, as.integer(hinges$terms), levels)
}

# The same where nothing is compiled.
plain_terms_of <- function(hinges, x) {
  rows <- nrow(x)
  values <- matrix(1, rows, hinges$terms)
  for (level in hinges$levels) {
    beyond <- x[, level$column, drop = FALSE]
    beyond <- (beyond - rep(level$knot, each = rows)) * rep(level$sign, each = rows)
    is_below <- beyond < 0
    if (any(level$straight)) is_below[, level$straight] <- FALSE
    beyond[is_below] <- 0
    values[, level$terms] <- values[, level$terms] * beyond
  }
  values
}

# The average of several models is one model again: it has the terms of all, and coefficients divided by their number.
join_terms <- function(fits) {
  own <- vapply(fits, function(fit) fit$hinges$terms, 0L) - 1L # the constant is common
  before <- cumsum(c(0L, own))
  depth <- max(vapply(fits, function(fit) length(fit$hinges$levels), 0L))
  levels <- lapply(seq_len(depth), function(level) {
    parts <- lapply(seq_along(fits), function(member) shifted(fits[[member]], level, before[member]))
    do.call(Map, c(list(c), parts[lengths(parts) > 0]))
  })
  coefficients <- lapply(fits, function(fit) fit$coefficients)
  constant <- sum(vapply(coefficients, `[`, 0, 1))
  others <- unlist(lapply(coefficients, `[`, -1))
  list(
    hinges = list(terms = 1L + sum(own), levels = levels),
    coefficients = matrix(c(constant, others) / length(fits), ncol = 1)
  )
}

shifted <- function(fit, level, by) {
  if (level > length(fit$hinges$levels)) {
    return(NULL)
  }
  found <- fit$hinges$levels[[level]]
  found$terms <- found$terms + by
  found
}
