# Numbers as text that loses nothing.

# Fixed notation with 17 significant digits, for readers of the log whose pattern knows no exponent.
as_fixed <- function(number) {
  magnitude <- if (number == 0) 0 else floor(log10(abs(number)))
  sprintf("%.*f", as.integer(max(1, 16 - magnitude)), number)
}
