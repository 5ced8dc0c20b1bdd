"""CSV tables: read from bytes, checked file by file and then as one dataset. Pure."""
