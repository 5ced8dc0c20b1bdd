# Our own engine: the forward pass is compiled (src/forward.c), the backward pass is below. It takes much larger tables
# than the libraries do; on small ones it is as accurate.

compiled_engine <- function(x, y, settings) {
  columns <- ncol(x)
  nk <- if (is.null(settings$nk)) compiled_terms(columns, length(y)) else settings$nk
  penalty <- if (is.null(settings$penalty)) usual_penalty(settings$degree) else settings$penalty
  given <- list(
    as.integer(settings$degree), as.integer(nk), compiled_thresh(settings$thresh, length(y)), penalty,
    as.integer(or_zero(settings$minspan)), as.integer(or_zero(settings$endspan)),
    as.integer(if (is.null(settings$fast_k)) 20 else settings$fast_k), candidate_knots(columns, nk)
  )
  storage.mode(x) <- "double"
  pass <- .Call(compiled$mars_forward, x, as.double(y), given)
  kept <- keep_terms(pass, length(y), penalty, settings)
  list(
    hinges = as_hinges(pass$direction[kept$terms, , drop = FALSE], pass$knot[kept$terms, , drop = FALSE]),
    coefficients = in_units(kept, pass), gcv = kept$gcv * pass$target_scale^2,
    nk = nk, bound_reached = pass$ending == "terms"
  )
}

# Holds the compiled routines where there are some, since that is known only at run time.
compiled <- new.env()

load_compiled <- function(path) {
  if (file.exists(path)) {
    library <- dyn.load(path)
    for (name in c("mars_forward", "mars_terms")) compiled[[name]] <- getNativeSymbolInfo(name, library)
  }
  has_compiled()
}

has_compiled <- function() !is.null(compiled$mars_forward)

or_zero <- function(value) if (is.null(value)) 0 else value

# At least as many as earth's default; more on many rows, because the pass ends by itself.
compiled_terms <- function(columns, rows) max(earth_terms(columns), min(101, rows %/% 10))

# On fewer rows a finer threshold would only fit noise.
compiled_thresh <- function(thresh, rows) {
  if (!is.null(thresh)) thresh else if (rows >= 3000) 1e-4 else 1e-3
}

# Candidate knots per column: as many as fit into 256 MB with three sums and a flag for each parent, column and knot.
candidate_knots <- function(columns, nk) {
  as.integer(max(16, min(255, 2^28 %/% (8 * 4 * columns * nk))))
}

# The backward pass: drops the term that costs least, again and again, and keeps the set with the least GCV. The terms'
# matrix is Q R, so that everything can be told from R and Q'y.
keep_terms <- function(pass, rows, penalty, settings) {
  most <- if (is.null(settings$nprune)) pass$terms else settings$nprune
  state <- all_terms(pass)
  while (length(state$terms) > most) state <- drop_term(state)
  state$gcv <- best_gcv <- gcv_of(state, rows, penalty)
  best <- state
  while (settings$prune && length(state$terms) > 1) {
    state <- drop_term(state)
    state$gcv <- gcv_of(state, rows, penalty)
    if (state$gcv <= best_gcv) {
      best <- state
      best_gcv <- state$gcv
    }
  }
  best
}

all_terms <- function(pass) {
  all <- seq_len(pass$terms)
  inverse <- backsolve(pass$triangle[all, all, drop = FALSE], diag(pass$terms))
  list(
    terms = all, covariance = tcrossprod(inverse), coefficients = drop(inverse %*% pass$moment[all]),
    rss = max(0, pass$total - sum(pass$moment[all][-1]^2))
  )
}

drop_term <- function(state) {
  variances <- diag(state$covariance)
  increase <- state$coefficients^2 / variances
  increase[1] <- Inf # the constant stays
  out <- which.min(increase)
  along <- state$covariance[, out] / variances[out]
  list(
    terms = state$terms[-out],
    covariance = (state$covariance - outer(along, state$covariance[, out]))[-out, -out, drop = FALSE],
    coefficients = (state$coefficients - along * state$coefficients[out])[-out],
    rss = state$rss + increase[out]
  )
}

# Generalized cross-validation (Friedman 1991): each knot costs `penalty` more coefficients; a penalty of -1 means none.
gcv_of <- function(state, rows, penalty) {
  terms <- length(state$terms)
  spent <- terms + penalty * (terms - 1) / 2
  if (spent >= rows) Inf else state$rss / rows / (1 - spent / rows)^2
}

# From the scaled columns and target to their own units.
in_units <- function(kept, pass) {
  used <- pass$direction[kept$terms, , drop = FALSE] != 0
  scale <- exp(drop(used %*% log(ifelse(pass$scale > 0, pass$scale, 1))))
  coefficients <- kept$coefficients * pass$target_scale / scale
  coefficients[1] <- coefficients[1] + pass$target_centre
  matrix(coefficients, ncol = 1)
}
