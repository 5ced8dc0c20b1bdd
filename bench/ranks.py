"""Rank a contender among all, as the reports do."""

from collections.abc import Sequence


def rank_among(value: float, values: Sequence[float]) -> float:
    """Return 1 for the lowest of the values, which include this one; equal values share the mean of their ranks."""
    return sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2
