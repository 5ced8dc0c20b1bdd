# The mean squared error of two models on rows that neither has seen: the classic one's and ours.
#
#   Rscript bench/held_out.R TEST.csv TARGET CLASSIC.rds OURS.rds CONTAINER

given <- commandArgs(trailingOnly = TRUE)
for (file in list.files(file.path(given[5], "R"), recursive = TRUE, full.names = TRUE)) source(file)
invisible(loadNamespace("mda"))
data <- as.data.frame(data.table::fread(given[1], stringsAsFactors = FALSE))
y <- data[[given[2]]]
classic <- predict(readRDS(given[3]), model.matrix(reformulate(".", given[2]), data)[, -1])
model <- readRDS(given[4])
ours <- predict_model(model$fit, encode(as.list(data), model$prototype))
cat(sprintf("%.6g %.6g\n", mean((y - classic)^2), mean((y - ours)^2)))
