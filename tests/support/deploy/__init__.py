"""What helps the tests of deploying."""
