"""Hyperband: decides which running training jobs to stop, from the objectives that they have printed so far.

According to AWS, its Hyperband is the asynchronous successive halving algorithm (ASHA), no training job is stopped
before MinResource, each is stopped at MaxResource, and configurations are drawn at random:
aws.amazon.com/blogs/machine-learning/amazon-sagemaker-automatic-model-tuning-now-provides-up-to-three-times-faster-hyperparameter-tuning-with-hyperband
docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperbandStrategyConfig.html
A training job cannot be paused, so this is ASHA's stopping variant, which Optuna has as well. Optuna's keeps its own
record of the trials; this one is a function of the objectives, so that an interrupted search can be resumed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEEP_ONE_IN = 3
"""AWS documents neither the reduction factor nor the brackets: 3 and a single bracket are assumed, the defaults of the
same algorithm in AWS's own AutoGluon (autogluon.core.scheduler.hyperband)."""
_EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")


@dataclass(frozen=True)
class Hyperband:
    """`least` and `most` are MinResource and MaxResource; a unit of resource is one printed objective."""

    least: int
    most: int

    def stops(self, curve: Sequence[float], others: Iterable[Sequence[float]], sign: int) -> bool:
        """Whether to stop a training job; call it after each printed objective. `curve` holds its objectives so far,
        `others` those of the other training jobs; `sign` is 1 to minimise and -1 to maximise."""
        epoch = len(curve)
        if epoch >= self.most:
            return True
        if not self.is_rung(epoch):
            return False
        rivals = [sign * other[epoch - 1] for other in others if len(other) >= epoch]
        return not is_among_the_best(sign * curve[-1], rivals)

    def is_rung(self, epoch: int) -> bool:
        """Rungs are MinResource times the powers of the reduction factor."""
        rung = self.least
        while rung < epoch:
            rung *= KEEP_ONE_IN
        return rung == epoch


def is_among_the_best(value: float, rivals: Sequence[float]) -> bool:
    """Whether the value is in the best (lowest) third of all that reached this rung; with fewer than three, whether it
    is the best."""
    everyone = sorted([*rivals, value])
    kept = max(1, len(everyone) // KEEP_ONE_IN)
    return value <= everyone[kept - 1]


def resources(config: Mapping[str, Any], static: Mapping[str, str]) -> tuple[int, int] | None:
    """MinResource, which is optional on AWS and defaults to 1 here, and MaxResource, which AWS infers from a static
    number of epochs; None if it can be inferred from nothing."""
    given = config.get("StrategyConfig", {}).get("HyperbandStrategyConfig", {})
    inferred = (static[name] for name in _EPOCHS if static.get(name, "").isdecimal())
    most = given.get("MaxResource") or int(next(inferred, 0))
    return (given.get("MinResource", 1), most) if most else None
