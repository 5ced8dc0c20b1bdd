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

test_that("compiled terms equal those of plain R to the last bit, also where a value is not finite", {
  skip_unless_compiled()
  seed_generator(4)
  direction <- rbind(0, matrix(sample(c(-1, 0, 0, 1, 2), 60, TRUE), 20))
  hinges <- as_hinges(direction, matrix(stats::rnorm(63), 21))
  x <- matrix(c(stats::rnorm(147), NaN, Inf, -Inf), 50)
  expect_identical(compiled_terms_of(hinges, x), plain_terms_of(hinges, x))
  before <- lapply(hinges$levels, function(level) level[c("terms", "column", "sign", "knot")])
  before <- list(terms = hinges$terms, levels = before)
  expect_identical(compiled_terms_of(before, x), plain_terms_of(before, x))
  expect_identical(compiled_terms_of(hinges, x[0, ]), plain_terms_of(hinges, x[0, ]))
})

test_that("a factor that the data do not have is refused, not read from elsewhere", {
  skip_unless_compiled()
  hinges <- as_hinges(rbind(c(0, 0), c(0, 1)), matrix(0, 2, 2))
  expect_error(compiled_terms_of(hinges, matrix(0, 3, 1)), "out of bounds")
})
