# What an engine that calls a package is compared with that package on.
engine_tables <- list(
  iris = datasets::iris[, 1:4], mtcars = datasets::mtcars, swiss = datasets::swiss, rock = datasets::rock,
  trees = datasets::trees
)

engine_variants <- list(list(), list(degree = 2, thresh = 0.01), list(degree = 3, prune = FALSE, nk = 15, penalty = 4))

expect_predictions <- function(fit, x, expected) {
  expect_equal(drop(term_matrix(fit$hinges, x) %*% fit$coefficients), drop(expected), tolerance = 1e-9)
}
