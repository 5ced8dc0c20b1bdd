"""The verbs with their options; what they do is imported when they are called, so that `--help` answers at once."""
