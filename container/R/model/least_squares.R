# Least squares, summed over blocks of rows. `columns(block)` returns the matrix of a block of rows. Columns are scaled;
# one that depends linearly on others gets 0.
least_squares <- function(columns, y, rows) {
  sums <- by_blocks(rows, function(block) {
    values <- columns(block)
    cbind(crossprod(values), crossprod(values, y[block]), deparse.level = 0) # half the work of one call
  })
  gram <- Reduce(`+`, sums)
  if (!all(is.finite(gram))) refuse("the features' values are too large for least squares: use larger units")
  moment <- gram[, ncol(gram)]
  gram <- gram[, -ncol(gram), drop = FALSE]
  scale <- sqrt(pmax(diag(gram), .Machine$double.xmin))
  solved <- qr.coef(qr(gram / outer(scale, scale), tol = 1e-10), moment / scale) / scale
  solved[is.na(solved)] <- 0
  unname(solved)
}
