"""What a deployment would do and does, as a person reads it."""
