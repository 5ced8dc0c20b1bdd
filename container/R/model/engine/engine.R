# Which engine fits a table, and what each accepts.

# Each takes a numeric matrix in which every column varies, the target and the settings, and returns the terms in the
# flat form of hinges.R, their coefficients, gcv, nk and whether nk ended the search.
engines <- list(
  earth = function(...) earth_engine(...),
  mda = function(...) mda_engine(...),
  compiled = function(...) compiled_engine(...)
)

# The rule for `auto`: the size of the table alone decides, so that all training jobs of a tuning job agree.
engine_for <- function(asked, rows, columns) {
  if (asked == "auto") {
    return(if (has_compiled()) "compiled" else "earth")
  }
  if (asked == "compiled" && !has_compiled()) {
    refuse("the engine `compiled` is missing here: build it from src, or use earth")
  }
  asked
}

# Friedman's penalty per knot, as earth has it.
usual_penalty <- function(degree) if (degree > 1) 3 else 2

# The number of rows on which knots are searched: `max_search_rows` if given, else what the engine's cost allows.
search_rows <- function(engine, columns, settings) {
  if (!is.null(settings$max_search_rows)) {
    return(settings$max_search_rows)
  }
  switch(engine,
    compiled = max(10000, min(50000, 2e6 %/% columns)),
    earth = max(2000, min(10000, 300000 %/% columns)),
    mda = max(1000, min(10000, 300000 %/% columns))
  )
}

# Refuses what the engine does not know, and combinations that cannot be.
check_settings <- function(engine, settings, rows) {
  given <- names(settings)[lengths(settings) > 0]
  unknown <- intersect(c("nprune", "minspan", "endspan", "fast_k"), given)
  if (engine == "mda" && length(unknown) > 0) {
    refuse("the engine mda has no `", unknown[1], "`: leave it out, or use earth")
  }
  if (all(c("nprune", "nk") %in% given) && settings$nprune > settings$nk) {
    refuse("`nprune` must not be above `nk`, which is ", settings$nk, ", not ", settings$nprune)
  }
  for (name in intersect(c("minspan", "endspan"), given)) {
    if (settings[[name]] >= rows) {
      refuse("`", name, "` must be below the number of rows, ", rows, ", not ", settings[[name]])
    }
  }
}
