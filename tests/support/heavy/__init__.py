"""What helps the heavy suites."""
