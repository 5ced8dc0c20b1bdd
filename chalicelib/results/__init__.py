"""What a tuning job came to: its outcome, its cost, its record. Pure."""
