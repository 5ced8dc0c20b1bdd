# Refusals: errors that the user can fix. The message says what is wrong, where, and how to fix it.

refuse <- function(...) {
  stop(structure(class = c("refused", "error", "condition"), list(message = paste0(...), call = NULL)))
}

# Quotes text from outside for a message: on one line, and shortened.
quote_text <- function(text) {
  cut <- ifelse(nchar(text) > 40, paste0(substr(text, 1, 37), "..."), text)
  encodeString(cut, quote = "\"")
}

quote_names <- function(names, at_most = 8L) {
  shown <- paste0("`", names[seq_len(min(at_most, length(names)))], "`", collapse = ", ")
  if (length(names) > at_most) paste0(shown, " and ", length(names) - at_most, " more") else shown
}

# "1 field", "2 fields".
quantity <- function(n, noun) {
  paste0(n, " ", noun, if (n != 1) "s")
}

# A hint for an unknown `name`: the closest of `known`, if one is close enough, then all of them.
suggest <- function(name, known) {
  distance <- drop(utils::adist(name, known, ignore.case = TRUE))
  nearest <- which.min(distance)
  all_known <- paste("expected one of", quote_names(known))
  if (distance[nearest] > max(2, nchar(name) / 3)) {
    return(all_known)
  }
  paste0("did you mean `", known[nearest], "`? ", sub("^e", "E", all_known))
}
