test_that("columns keep their exact names from the header", {
  table <- table_of("a b,1c,if\n1,2,3\n4,5,6\n")
  expect_equal(table$columns, list("a b" = c("1", "4"), "1c" = c("2", "5"), "if" = c("3", "6")))
  expect_equal(table$lines, 2:3)
})

test_that("a header one field short is refused with both counts", {
  expect_refused(
    table_of("x,y\n1,2,3\n4,5,6\n"), "train/a.csv: the header has 2 fields, but every row has 3: one column has no name"
  )
})

test_that("a short and a long row are refused with their line", {
  expect_refused(table_of("x,y\n1,2\n3"), "a.csv line 3 has 1 field, its header has 2: the file may be cut off")
  expect_refused(table_of("x,y\n1,2\n3,4,5\n6,7\n"), "train/a.csv line 3 has 3 fields, its header has 2")
})

test_that("duplicate and missing column names and other separators are refused", {
  expect_refused(table_of("x,y,x\n1,2,3\n"), "the header names `x` twice")
  expect_refused(table_of("x,,y\n1,2,3\n"), "column 2 has no name")
  expect_refused(table_of("x;y\n1;2\n"), "is separated by \";\", not by commas")
  expect_refused(table_of("x\ty\n1\t2\n"), "is separated by \"\\t\", not by commas")
  expect_refused(table_of(""), "train/a.csv is empty")
})

test_that("tables are stacked by name, in order", {
  first <- typed_table_of("x,y\n1,2\n", name = "a.csv")
  second <- typed_table_of("y,x\n3,4\n5,6\n", name = "b.csv")
  stacked <- stack_tables(list(first, second))
  expect_equal(stacked$columns, list(x = c(1, 4, 6), y = c(2, 3, 5)))
  expect_equal(vapply(1:3, function(row) file_of(stacked, row), ""), c("a.csv", "b.csv", "b.csv"))
  expect_equal(stacked$lines, c(2L, 2L, 3L))
})

test_that("a column that is text in one file and numbers in another is refused with the odd file's line", {
  numbers <- typed_table_of("x,y\n1,2\n", name = "a.csv")
  text <- typed_table_of("x,y\n,3\nred,4\n", name = "b.csv")
  expect_refused(
    stack_tables(list(numbers, text)), "b.csv line 3, column `x`: \"red\" is not a number, unlike the column in a.csv"
  )
  expect_refused(
    stack_tables(list(text, numbers)), "a.csv line 2, column `x`: \"1\" is a number, but the column is text in b.csv"
  )
})

test_that("a column without any value in one file takes its type from another file", {
  empty <- typed_table_of("x,y\n,2\n", name = "a.csv")
  numbers <- typed_table_of("x,y\n1,2\n", name = "b.csv")
  expect_equal(stack_tables(list(empty, numbers))$columns$x, c(NA, 1))
})

test_that("tables with different columns are refused, naming both files", {
  first <- typed_table_of("x,y\n1,2\n", name = "a.csv")
  expect_refused(stack_tables(list(first, table_of("x\n1\n", name = "b.csv"))), "b.csv lacks `y`, which a.csv has")
  third <- table_of("x,y,z\n1,2,3\n", name = "c.csv")
  expect_refused(stack_tables(list(first, third)), "c.csv has `z`, which a.csv lacks")
})
