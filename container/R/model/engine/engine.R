# Which engine fits a table, and what each accepts.

# Each takes a numeric matrix in which every column varies, the target and the settings, and returns the terms in the
# flat form of hinges.R, their coefficients, gcv, nk and whether nk ended the search.
engines <- list(
  earth = function(...) earth_engine(...),
  mda = function(...) mda_engine(...),
  compiled = function(...) compiled_engine(...)
)

# The rule for `auto`: our own engine where it is compiled, whatever the size. It is as accurate as earth on small
# tables and much faster on large ones.
engine_for <- function(asked) {
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

# Packages stop with messages about their own code where values are extreme.
fit_by_package <- function(engine, fit, arguments) {
  tryCatch(do.call(fit, arguments, quote = TRUE), error = function(problem) {
    reason <- sub("\n.*", "", conditionMessage(problem))
    refuse("the engine ", engine, " cannot fit these values (", reason, "): use another engine, or scale the columns")
  })
}

# earth's own limit; it fails beyond it.
earth_most_terms <- 1000

# Refuses what the engine does not know, and combinations that cannot be. `rows` are those on which knots are searched.
check_settings <- function(engine, settings, rows) {
  given <- settings[lengths(settings) > 0]
  unknown <- intersect(c("nprune", "minspan", "endspan", "fast_k"), names(given))
  if (engine == "mda" && length(unknown) > 0) {
    refuse("the engine mda has no `", unknown[1], "`: leave it out, or use another engine")
  }
  if (engine == "earth" && !is.null(given$nk) && given$nk > earth_most_terms) {
    refuse("`nk` must be at most ", earth_most_terms, " for the engine earth, not ", given$nk)
  }
  if (all(c("nprune", "nk") %in% names(given)) && given$nprune > given$nk) {
    refuse("`nprune` must be at most `nk`, ", given$nk, ", not ", given$nprune)
  }
  check_sizes(given, rows)
}

# A model cannot have more terms than rows, and rows wider than all of them leave no place for a knot.
check_sizes <- function(given, rows) {
  for (name in intersect(c("nk", "nprune", "minspan", "endspan"), names(given))) {
    most <- if (name %in% c("nk", "nprune")) rows else rows - 1
    if (given[[name]] > most) {
      refuse(
        "`", name, "` must be at most ", as_digits(most), ", not ", as_digits(given[[name]]),
        ": knots are searched on ", quantity(as_digits(rows), "row")
      )
    }
  }
}

as_digits <- function(number) format(number, scientific = FALSE, digits = 15)
