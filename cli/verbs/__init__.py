"""The verbs and their options. Each imports its implementation when called, so that `--help` is fast."""
