test_that("a term is the product of its hinges, and straight factors are not cut off", {
  direction <- rbind(c(0, 0), c(1, 0), c(-1, 2))
  knot <- rbind(c(0, 0), c(0.5, 0), c(0.5, 1))
  x <- cbind(c(0, 1), c(3, 0))
  expect_equal(term_matrix(as_hinges(direction, knot), x), rbind(c(1, 0, 0.5 * 2), c(1, 0.5, 0)))
  expect_equal(term_matrix(as_hinges(rbind(0, 2), rbind(0, 1)), cbind(c(0, 3))), rbind(c(1, -1), c(1, 2)))
})

test_that("joined terms predict the average of their models", {
  x <- as.matrix(datasets::iris[, 2:4])
  fits <- lapply(list(1:60, 40:110, 80:150), function(rows) {
    fit_model(x[rows, ], datasets::iris[rows, 1], with_settings(engine = "earth", degree = 2))
  })
  fits[[4]] <- list(hinges = list(terms = 1L, levels = list()), coefficients = matrix(5))
  each <- vapply(fits, function(fit) drop(term_matrix(fit$hinges, x) %*% fit$coefficients), numeric(150))
  joined <- join_terms(fits)
  expect_equal(drop(term_matrix(joined$hinges, x) %*% joined$coefficients), rowMeans(each), tolerance = 1e-12)
})
