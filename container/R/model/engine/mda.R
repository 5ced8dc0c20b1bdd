# The engine mda: MARS as the package mda, and with it the classic sample, has it.

mda_engine <- function(x, y, settings) {
  given <- list(nk = settings$nk, thresh = settings$thresh, penalty = settings$penalty)
  arguments <- list(x = x, y = y, degree = settings$degree, prune = settings$prune)
  # It warns of numbers beyond R's integers, but does not use them as such.
  fit <- suppressWarnings(fit_by_package("mda", mda::mars, c(arguments, given[lengths(given) > 0])))
  selected <- fit$selected.terms
  list(
    hinges = as_hinges(fit$factor[selected, , drop = FALSE], fit$cuts[selected, , drop = FALSE]),
    coefficients = fit$coefficients, gcv = drop(fit$gcv), nk = fit$nk,
    bound_reached = sum(fit$all.terms > 0) >= fit$nk - 1
  )
}
