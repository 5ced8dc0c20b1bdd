# The pass alone, with all knots allowed and all parents looked at.
pass_of <- function(x, y, terms, degree = 2) {
  .Call(compiled$mars_forward, x, y, list(as.integer(degree), as.integer(terms), 1e-12, 0, 1L, 1L, 0L, 255L))
}

# The sum of squares that is left with these terms and a pair of hinges more, by R's own least squares.
left_with <- function(terms, parent, values, knot, y) {
  pair <- terms[, parent] * cbind(pmax(0, values - knot), pmax(0, knot - values))
  sum(stats::lm.fit(cbind(terms, pair), y, tol = 1e-9)$residuals^2)
}

best_by_brute_force <- function(x, y, direction, knot) {
  terms <- term_matrix(as_hinges(direction, knot), x)
  best <- Inf
  for (parent in seq_len(nrow(direction))) {
    if (sum(direction[parent, ] != 0) >= 2) next
    for (column in which(direction[parent, ] == 0)) {
      own <- x[terms[, parent] != 0, column] # knots are values of the rows where the parent is not 0
      for (at in setdiff(own, max(own))) {
        best <- min(best, left_with(terms, parent, x[, column], at, y))
      }
    }
  }
  best
}

# The last terms of the pass's steps: the two of a pair have the same knots.
ends_of_steps <- function(pass) {
  is_pair <- vapply(seq_len(pass$terms)[-1], function(term) {
    all(pass$knot[term, ] == pass$knot[term - 1, ], abs(pass$direction[term, ]) == abs(pass$direction[term - 1, ]))
  }, NA)
  which(!c(is_pair, FALSE))
}

test_that("each step is the best of all parents, columns and knots", {
  skip_unless_compiled()
  steps <- 0
  for (seed in 1:6) {
    seed_generator(seed)
    x <- cbind(stats::runif(30), round(stats::runif(30), 1), stats::rbinom(30, 1, 0.5))
    y <- x[, 1] * x[, 2] + abs(x[, 2] - 0.4) + x[, 3] / 3 + stats::rnorm(30) / 10
    pass <- pass_of(x, y, 9)
    ends <- ends_of_steps(pass)
    for (step in seq_along(ends)[-1][ends[-1] < 9]) { # the last may lack the second of its pair
      before <- seq_len(ends[step - 1])
      after <- term_matrix(as_hinges(pass$direction[seq_len(ends[step]), ], pass$knot[seq_len(ends[step]), ]), x)
      reached <- sum(stats::lm.fit(after, y)$residuals^2)
      expected <- best_by_brute_force(x, y, pass$direction[before, , drop = FALSE], pass$knot[before, , drop = FALSE])
      expect_equal(reached, expected, tolerance = 1e-9)
      steps <- steps + 1
    }
  }
  expect_gt(steps, 20)
})

test_that("the coefficients are those of least squares on the terms", {
  skip_unless_compiled()
  for (table in list(datasets::iris[, 1:4], datasets::mtcars, datasets::swiss, datasets::rock, datasets::quakes)) {
    x <- as.matrix(table[, -1])
    fit <- fit_model(x, table[, 1], with_settings(engine = "compiled", degree = 2))
    expected <- stats::lm.fit(term_matrix(fit$hinges, x), table[, 1])$fitted.values
    expect_equal(drop(term_matrix(fit$hinges, x) %*% fit$coefficients), drop(expected), tolerance = 1e-7)
  }
})

test_that("of the sets that the backward pass sees, the one with the least GCV is kept", {
  skip_unless_compiled()
  x <- as.matrix(datasets::mtcars[, -1])
  y <- datasets::mtcars[, 1]
  fit <- fit_model(x, y, with_settings(engine = "compiled", degree = 1))
  rss <- sum((y - drop(term_matrix(fit$hinges, x) %*% fit$coefficients))^2)
  terms <- fit$hinges$terms
  expect_equal(fit$gcv, rss / 32 / (1 - (terms + 2 * (terms - 1) / 2) / 32)^2, tolerance = 1e-7)
  all <- fit_model(x, y, with_settings(engine = "compiled", degree = 1, prune = FALSE))
  expect_gt(all$hinges$terms, terms)
  two <- fit_model(x, y, with_settings(engine = "compiled", degree = 1, nprune = 2))
  expect_equal(two$hinges$terms, 2)
})

test_that("it explains Friedman's function as well as earth does", {
  skip_unless_compiled()
  seed_generator(3)
  x <- matrix(stats::runif(4000 * 10), ncol = 10)
  truth <- 10 * sin(pi * x[, 1] * x[, 2]) + 20 * (x[, 3] - 0.5)^2 + 10 * x[, 4] + 5 * x[, 5]
  y <- truth + stats::rnorm(4000)
  error <- function(engine) {
    fit <- fit_model(x[1:1000, ], y[1:1000], with_settings(engine = engine, degree = 2))
    mean((predict_model(fit, x[1001:4000, ]) - truth[1001:4000])^2)
  }
  expect_lt(error("compiled"), 1.1 * error("earth"))
})

test_that("a search that nk ended is known", {
  skip_unless_compiled()
  x <- as.matrix(datasets::mtcars[, -1])
  expect_true(fit_model(x, datasets::mtcars[, 1], with_settings(engine = "compiled", nk = 5))$bound_reached)
  expect_false(fit_model(x, datasets::mtcars[, 1], with_settings(engine = "compiled", thresh = 0.5))$bound_reached)
})

test_that("no input makes a prediction that is not finite", {
  skip_unless_compiled()
  for (seed in 1:100) {
    seed_generator(seed)
    rows <- sample(12:60, 1)
    x <- cbind(
      stats::rnorm(rows), 1e9 + stats::rnorm(rows), stats::rbinom(rows, 1, 0.2), round(stats::rnorm(rows)),
      stats::rcauchy(rows) * 1e6, rep(seed, rows)
    )
    x <- cbind(x, x[, 1], -2 * x[, 2])
    y <- sample(list(stats::rnorm(rows), x[, 5], rep(1e12, rows) + (1:rows), x[, 3], 1e-200 * x[, 1]), 1)[[1]]
    fit <- fit_model(x, y, with_settings(engine = "compiled", degree = sample(1:3, 1), prune = seed %% 2 == 0))
    expect_true(all(is.finite(predict_model(fit, x))))
  }
})
