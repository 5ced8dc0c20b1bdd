"""TrainingJobEarlyStoppingType Auto: the median rule.

docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-early-stopping.html
Optuna's MedianPruner is a different rule: it compares a trial's best value so far with the others' values at that step,
not its last value with their running averages.
"""

from collections.abc import Sequence
from itertools import accumulate
from statistics import median

ENOUGH = 3
"""AWS compares with previously completed training jobs and does not document how many it needs; three is the smallest
number whose median is not one of two extremes."""


def running_averages(curve: Sequence[float]) -> list[float]:
    """The mean objective up to each epoch."""
    return [total / epoch for epoch, total in enumerate(accumulate(curve), start=1)]


def stops(curve: Sequence[float], completed: Sequence[Sequence[float]], sign: int) -> bool:
    """Whether the last objective of `curve` is worse than the median of the running averages up to the same epoch.

    `completed` holds the running averages of the training jobs that completed before; those that ended at an earlier
    epoch do not count. `sign` is 1 to minimise and -1 to maximise."""
    epoch = len(curve)
    averages = [found[epoch - 1] for found in completed if len(found) >= epoch]
    return len(averages) >= ENOUGH and sign * curve[-1] > sign * median(averages)
