test_that("a sample keeps the order of rows and depends on rows and seed only", {
  expect_equal(sample_rows(5:9, 5, 1), 5:9)
  sampled <- sample_rows(1:1000, 10, 3)
  stats::runif(1)
  expect_identical(sample_rows(1:1000, 10, 3), sampled)
  expect_false(is.unsorted(sampled))
})

test_that("blocks cover all rows, each once and in order", {
  seen <- by_blocks(seq(2, 2 * 12345, by = 2), identity)
  expect_equal(lengths(seen), c(5000, 5000, 2345))
  expect_equal(unlist(seen), seq(2, 2 * 12345, by = 2))
  expect_equal(by_blocks(integer(), identity), list())
})
