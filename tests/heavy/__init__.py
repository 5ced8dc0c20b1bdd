"""Suites that weigh hundreds of megabytes or minutes."""
