# The objective of the container's own code on a grid of hyperparameters, for data that R ships and for Friedman's
# three functions: so that bench.search can search without waiting for R.
#
#   nice Rscript bench/search/problems.R container bench/search/problems.csv.gz      some twenty minutes on two cores
#
# The file has a line for each axis, then one for each dataset: its objectives, the last axis running fastest.

given <- commandArgs(trailingOnly = TRUE)
for (file in list.files(file.path(given[1], "R"), recursive = TRUE, full.names = TRUE)) source(file)
invisible(loadNamespace("mda"))

axes <- list(
  degree = 1:3,
  prune = c(FALSE, TRUE),
  nk = c(5, 8, 12, 17, 23, 30),
  thresh = signif(10^seq(-4, -1, length.out = 13), 3),
  penalty = c(0, 1, 2, 3, 5, 8)
)

# Friedman's functions of four columns have noise whose deviation is a third of the signal's, the first has 1.
friedman <- function(which, rows = 100) {
  seed_generator(which)
  if (which == 1) {
    x <- matrix(runif(rows * 10), ncol = 10)
    y <- 10 * sin(pi * x[, 1] * x[, 2]) + 20 * (x[, 3] - 0.5)^2 + 10 * x[, 4] + 5 * x[, 5] + rnorm(rows)
    return(data.frame(y, x))
  }
  x <- cbind(runif(rows, 0, 100), runif(rows, 40, 560) * pi, runif(rows), runif(rows, 1, 11))
  inner <- x[, 2] * x[, 3] - 1 / (x[, 2] * x[, 4])
  signal <- if (which == 2) sqrt(x[, 1]^2 + inner^2) else atan(inner / x[, 1])
  data.frame(y = signal + rnorm(rows, sd = stats::sd(signal) / 3), x)
}

problems <- list(
  iris = list(iris, "Sepal.Length"),
  mtcars = list(mtcars, "mpg"),
  airquality = list(stats::na.omit(airquality), "Ozone"),
  swiss = list(swiss, "Fertility"),
  attitude = list(attitude, "rating"),
  longley = list(longley, "Employed"),
  faithful = list(faithful, "eruptions"),
  trees = list(trees, "Volume"),
  stackloss = list(stackloss, "stack.loss"),
  ChickWeight = list(as.data.frame(ChickWeight)[c("weight", "Time", "Diet")], "weight"),
  quakes = list(quakes[seq(1, 1000, by = 6), ], "mag"),
  ToothGrowth = list(ToothGrowth, "len"),
  LifeCycleSavings = list(LifeCycleSavings, "sr"),
  rock = list(rock, "perm"),
  CO2 = list(as.data.frame(CO2)[c("Type", "Treatment", "conc", "uptake")], "uptake"),
  state = list(as.data.frame(state.x77), "Life Exp"),
  friedman1 = list(friedman(1), "y"),
  friedman2 = list(friedman(2), "y"),
  friedman3 = list(friedman(3), "y")
)

as_columns <- function(table) {
  lapply(as.list(table), function(values) if (is.numeric(values)) as.numeric(values) else as.character(values))
}

mean_error <- function(prepared, fold, settings) {
  x_for <- function(rows) prepared$x
  errors <- lapply(unique(fold), function(k) fit_fold(k, fold, x_for, prepared$y, settings)$errors)
  mean(unlist(errors)^2)
}

objectives <- function(name) {
  settings <- as_hyperparameters(list(target = problems[[name]][[2]], engine = "mda"))
  prepared <- prepare(list(train = as_columns(problems[[name]][[1]]), target = settings$target), settings)
  fold <- assign_folds(prepared$keys, settings$folds)
  grid <- expand.grid(rev(axes))[names(axes)]
  mse <- vapply(seq_len(nrow(grid)), function(i) {
    mean_error(prepared, fold, utils::modifyList(settings, as.list(grid[i, ])))
  }, 0)
  message(name)
  mse
}

found <- parallel::mclapply(names(problems), objectives, mc.cores = 2, mc.preschedule = FALSE)
failed <- vapply(found, inherits, TRUE, "try-error")
if (any(failed)) stop(found[[which(failed)[1]]])
out <- gzfile(given[2], "w")
write_row <- function(name, values) writeLines(paste(c(name, values), collapse = ","), out)
for (name in names(axes)) write_row(name, format(axes[[name]], trim = TRUE, scientific = FALSE))
for (i in seq_along(found)) write_row(names(problems)[i], sprintf("%.5g", found[[i]]))
close(out)
