"""What helps the tests."""
