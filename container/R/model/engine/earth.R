# The engine earth: MARS as the package earth has it.

earth_engine <- function(x, y, settings) {
  given <- list(
    nk = settings$nk, thresh = settings$thresh, penalty = settings$penalty, minspan = settings$minspan,
    endspan = settings$endspan, fast.k = settings$fast_k, nprune = settings$nprune
  )
  arguments <- list(x = x, y = y, degree = settings$degree, pmethod = if (settings$prune) "backward" else "none")
  fit <- fit_by_package("earth", earth::earth, c(arguments, given[lengths(given) > 0]))
  nk <- if (is.null(settings$nk)) earth_terms(ncol(x)) else settings$nk
  direction <- fit$dirs[fit$selected.terms, , drop = FALSE]
  knot <- fit$cuts[fit$selected.terms, , drop = FALSE]
  knot[direction == 2] <- 0 # earth's straight factors are the columns themselves
  list(
    hinges = as_hinges(direction, knot),
    coefficients = unname(fit$coefficients), gcv = fit$gcv, nk = nk, bound_reached = nrow(fit$dirs) >= nk - 1
  )
}

# earth's own default.
earth_terms <- function(columns) min(200, max(20, 2 * columns)) + 1
