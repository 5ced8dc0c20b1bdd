# Regression tables that Debian's R packages ship, for bench.models. Each is a table with a numeric target and no
# missing values; other columns with the target's content are left out.

from <- function(package, name, target, without = character()) {
  list(package = package, name = name, target = target, without = without)
}

tables <- list(
  ames = from("modeldata", "ames", "Sale_Price"),
  attrition = from("modeldata", "attrition", "MonthlyIncome"),
  barro = from("quantreg", "barro", "y.net"),
  biomass = from("modeldata", "biomass", "HHV", c("sample", "dataset")),
  birthwt = from("MASS", "birthwt", "bwt", "low"),
  blood_brain = from("caret", "BloodBrain", "logBBB"),
  boston = from("MASS", "Boston", "medv"),
  cars = from("modeldata", "car_prices", "Price"),
  cars93 = from("MASS", "Cars93", "Price", c("Min.Price", "Max.Price", "Model", "Make", "Manufacturer")),
  cells = from("modeldata", "cells", "avg_inten_ch_1", "case"),
  chicago = from("modeldata", "Chicago", "ridership", "date"),
  concrete = from("modeldata", "concrete", "compressive_strength"),
  cps = from("AER", "CPS1988", "wage"),
  cpus = from("MASS", "cpus", "perf", c("name", "estperf")),
  diamonds = from("ggplot2", "diamonds", "price"),
  guns = from("AER", "Guns", "violent"),
  houses = from("AER", "HousePrices", "price"),
  hpc = from("modeldata", "hpc_data", "compounds", "class"),
  iris = from("datasets", "iris", "Sepal.Length"),
  meats = from("modeldata", "meats", "fat", c("water", "protein")),
  midwest = from("ggplot2", "midwest", "percbelowpoverty", c(
    "PID", "county", "percpovertyknown", "poppovertyknown", "percchildbelowpovert", "percadultpoverty",
    "percelderlypoverty"
  )),
  mpg = from("ggplot2", "mpg", "hwy", "cty"),
  nox = from("robustbase", "NOxEmissions", "LNOx"),
  ozone = from("earth", "ozone1", "O3"),
  penguins = from("modeldata", "penguins", "body_mass_g"),
  prestige = from("carData", "Prestige", "prestige"),
  psid = from("AER", "PSID7682", "wage", "id"),
  quakes = from("datasets", "quakes", "mag"),
  ratings = from("AER", "TeachingRatings", "eval", "prof"),
  sacramento = from("modeldata", "Sacramento", "price"),
  salaries = from("carData", "Salaries", "salary"),
  schools = from("AER", "CASchools", "math", c("district", "school", "read")),
  servo = from("mlbench", "Servo", "Class"),
  slid = from("carData", "SLID", "wages"),
  swiss = from("datasets", "swiss", "Fertility"),
  uscereal = from("MASS", "UScereal", "calories")
)

# How many rows are used of a table whose factors make so many columns: `mda` takes minutes for a fit to more.
most_rows <- function(columns) min(6000, 400000 %/% columns)

encoded_columns <- function(columns) {
  sum(vapply(columns, function(values) if (is.character(values)) length(unique(values)) - 1 else 1, 0)) - 1
}

load_table <- function(name) {
  table <- tables[[name]]
  data <- read_data(table)
  data <- data[setdiff(names(data), table$without)]
  data <- data[stats::complete.cases(data), ]
  data[[table$target]] <- as.numeric(data[[table$target]])
  columns <- lapply(as.list(data), function(values) {
    if (is.numeric(values)) as.numeric(values) else as.character(values)
  })
  list(target = table$target, columns = columns[vapply(columns, function(values) length(unique(values)) > 1, NA)])
}

read_data <- function(table) {
  found <- new.env()
  suppressWarnings(utils::data(list = table$name, package = table$package, envir = found))
  if (table$name == "BloodBrain") {
    return(cbind(found$bbbDescr, logBBB = found$logBBB))
  }
  as.data.frame(if (exists(table$name, found)) found[[table$name]] else getExportedValue(table$package, table$name))
}
