# Refusals: errors that a person can mend. Their message is the whole answer: what is wrong, where, and the
# fix.

refuse <- function(...) {
  stop(structure(class = c("refused", "error", "condition"), list(message = paste0(...), call = NULL)))
}

# How text that we did not write ourselves stands in a message: quoted, on one line, and short.
quote_text <- function(text) {
  cut <- ifelse(nchar(text) > 40, paste0(substr(text, 1, 37), "..."), text)
  encodeString(cut, quote = "\"")
}

quote_names <- function(names, at_most = 8L) {
  shown <- paste0("`", names[seq_len(min(at_most, length(names)))], "`", collapse = ", ")
  if (length(names) > at_most) paste0(shown, " and ", length(names) - at_most, " more") else shown
}

# What could have been meant by `name`: the nearest of `known` first, if one is near.
suggest <- function(name, known) {
  distance <- drop(utils::adist(name, known, ignore.case = TRUE))
  nearest <- which.min(distance)
  all_known <- paste("known are", quote_names(known))
  if (distance[nearest] > max(2, nchar(name) / 3)) {
    return(all_known)
  }
  paste0("did you mean `", known[nearest], "`? ", sub("^k", "K", all_known))
}
