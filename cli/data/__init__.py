"""A dataset from the command line: submit, follow, read, retry, stop."""
