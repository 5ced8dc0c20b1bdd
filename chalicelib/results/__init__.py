"""The results of a tuning job: its outcome, its cost, its record. Pure."""
