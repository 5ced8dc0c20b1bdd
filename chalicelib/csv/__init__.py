"""Tables as CSV: read from bytes, checked file by file and as one dataset. Pure."""
