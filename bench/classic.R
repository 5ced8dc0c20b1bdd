# What the classic R sample does in a training job, restated: load plumber too, read the CSV with read.csv, expand it with
# model.matrix, and fit MARS once to all rows. No folds, no checks.
#
#   Rscript bench/classic.R DATA.csv TARGET DEGREE MODEL.rds

suppressMessages({
  library(mda)
  library(plumber)
})

given <- commandArgs(trailingOnly = TRUE)
data <- read.csv(given[1])
x <- model.matrix(reformulate(".", given[2]), data)[, -1]
y <- data[[given[2]]]
fit <- mars(x, y, degree = as.integer(given[3]))
cat("mse: ", sum(fit$residuals^2), "\n", sep = "")
fit[c("x", "residuals", "fitted.values")] <- NULL
saveRDS(fit, given[4])
