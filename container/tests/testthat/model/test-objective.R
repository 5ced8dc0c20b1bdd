x <- as.matrix(datasets::iris[, 2:4])
y <- datasets::iris[, 1]
settings <- with_settings(engine = "mda", degree = 2, thresh = 0.002, prune = FALSE)

test_that("few rows are dealt to folds as equal as possible, and equal rows together", {
  keys <- row_keys(list(a = c(1:23, 1:23)))
  fold <- assign_folds(keys, 5)
  expect_equal(sort(as.vector(table(fold[1:23]))), c(4, 4, 5, 5, 5))
  expect_identical(fold[1:23], fold[24:46])
})

test_that("a row's fold depends on its content alone", {
  for (rows in c(60, 3000)) {
    keys <- row_keys(list(a = seq_len(rows), b = rep_len(c("u", "v", "w"), rows)))
    order <- rev(seq_len(rows))
    expect_identical(assign_folds(keys[order], 5), assign_folds(keys, 5)[order])
  }
  many <- row_keys(list(a = 1:3000))
  expect_identical(assign_folds(many[1:1000], 5), assign_folds(many, 5)[1:1000]) # more rows move none
})

test_that("many rows are spread evenly, also in regular steps", {
  for (values in list(1:5000, seq(0, 1, length.out = 5000), rep(1:100, 50) * 5 + rep(1:50, each = 100) / 50)) {
    share <- as.vector(table(assign_folds(row_keys(list(a = values)), 5))) / 5000
    expect_true(all(abs(share - 0.2) < 0.03)) # five standard deviations
  }
})

test_that("a fold without rows is refused", {
  keys <- row_keys(list(a = 1:3000))
  expect_refused(
    assign_folds(keys[assign_folds(keys, 2) == 1], 2), "fold 2 of 2 has no rows: set another number of `folds`"
  )
})

test_that("blocks in order of time have about as many rows each", {
  expect_equal(assign_blocks(1:12, 3), rep(0:3, each = 3))
  expect_equal(assign_blocks(c(9, 1, 5, 3), 1), c(1, 0, 1, 0))
  expect_equal(as.vector(table(assign_blocks(1:103, 4))), c(21, 20, 21, 20, 21))
})

test_that("equal times are in one block, and every block has rows", {
  # Twelve rows in four blocks: the cuts nearest to 3, 6 and 9 rows are after the times 1 (5 rows), 2 (7) and 3 (9).
  expect_equal(assign_blocks(rep(1:5, c(5, 2, 2, 2, 1)), 3), rep(c(0, 1, 2, 3), c(5, 2, 2, 3)))
  # The first time has nearly all rows, and then the last.
  expect_equal(assign_blocks(rep(1:4, c(97, 1, 1, 1)), 3), rep(0:3, c(97, 1, 1, 1)))
  expect_equal(assign_blocks(rep(1:4, c(1, 1, 1, 97)), 3), rep(0:3, c(1, 1, 1, 97)))
})

test_that("whatever the times, blocks are in their order, none is empty and no time is in two", {
  seed_generator(1)
  for (round in 1:200) {
    folds <- sample(2:20, 1)
    times <- c(seq_len(folds + 1), sample(folds + sample(30, 1), sample(200, 1), replace = TRUE))
    blocks <- assign_blocks(times, folds)
    expect_setequal(blocks, 0:folds)
    expect_false(is.unsorted(blocks[order(times)]))
    expect_equal(nrow(unique(cbind(times, blocks))), length(unique(times)))
  }
})

test_that("a row's block depends on the times alone, and text is in the order of the C locale", {
  times <- sprintf("2024-01-%02d", c(3, 1, 2, 4, 4, 1, 2, 3))
  blocks <- assign_blocks(times, 3)
  expect_equal(blocks, c(2, 0, 1, 3, 3, 0, 1, 2))
  expect_identical(assign_blocks(rev(times), 3), rev(blocks))
  expect_equal(assign_blocks(c("B", "a", "C", "b"), 3), c(0, 2, 1, 3))
})

test_that("in order of time a fold is predicted from the blocks before it", {
  block <- rep(0:3, length.out = 150)
  in_order <- utils::modifyList(settings, list(folds_in_order_of = "t"))
  seen <- NULL
  fitted <- fit_fold(2, block, function(rows) {
    seen <<- rows
    x
  }, y, in_order)
  expect_equal(seen, which(block %in% 0:1))
  expect_equal(fitted$rows, which(block == 2))
  expect_equal(fitted$mean_errors, y[block == 2] - mean(y[block %in% 0:1]))
})

test_that("each row's error is that of a fit without its fold", {
  fold <- rep_len(1:5, 150)
  for (k in 1:5) {
    fit <- mda::mars(x[fold != k, ], y[fold != k], degree = 2, thresh = 0.002, prune = FALSE)
    expected <- y[fold == k] - drop(stats::predict(fit, x[fold == k, ]))
    fitted <- fit_fold(k, fold, function(rows) x, y, settings)
    expect_equal(fitted$errors, expected, tolerance = 1e-10)
    expect_equal(fitted$rows, which(fold == k))
  }
})

test_that("the mean and the line are fitted to the same rows", {
  fold <- rep_len(1:3, 150)
  fitted <- fit_fold(2, fold, function(rows) x, y, settings)
  line <- stats::lm(y ~ x, subset = fold != 2)
  expected <- y[fold == 2] - drop(cbind(1, x[fold == 2, ]) %*% stats::coef(line))
  expect_equal(fitted$linear_errors, expected, tolerance = 1e-9)
  expect_equal(fitted$mean_errors, y[fold == 2] - mean(y[fold != 2]))
})

test_that("the encoder is told which rows the fit may see", {
  seen <- NULL
  fit_fold(2, rep(1:3, 10), function(rows) {
    seen <<- rows
    x[1:30, ]
  }, y[1:30], defaults)
  expect_equal(seen, which(rep(1:3, 10) != 2))
})

test_that("an objective that is not finite is refused", {
  expect_equal(check_objective(0.5), 0.5)
  for (mse in c(Inf, NaN, NA)) expect_refused(check_objective(mse), "not a finite number")
})
