"""Search and GetSearchSuggestions: which resources match an expression, and which properties one can name."""
