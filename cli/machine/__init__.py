"""This machine and its price table: prices, test."""
