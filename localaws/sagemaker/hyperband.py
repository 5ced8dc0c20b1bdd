"""Hyperband: which running training jobs to stop, from the objectives that they have printed so far.

AWS says that its Hyperband is the asynchronous successive halving algorithm (ASHA), that MinResource is never cut
short, that a training job which reaches MaxResource is stopped, and that configurations are drawn at random:
aws.amazon.com/blogs/machine-learning/amazon-sagemaker-automatic-model-tuning-now-provides-up-to-three-times-faster-hyperparameter-tuning-with-hyperband
docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperbandStrategyConfig.html
A training job cannot be paused, so it is ASHA's stopping form, which Optuna has as well; Optuna's keeps its own record
of the trials, this one is a function of the objectives, so that an interrupted search can go on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEEP_ONE_IN = 3
"""AWS names neither the reduction factor nor the brackets: 3 and a single bracket are assumed, the defaults of the same
algorithm in AWS's own AutoGluon (autogluon.core.scheduler.hyperband)."""
_EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")


@dataclass(frozen=True)
class Hyperband:
    """`least` and `most` are MinResource and MaxResource; a unit of resource is one printed objective."""

    least: int
    most: int

    def stops(self, curve: Sequence[float], others: Iterable[Sequence[float]], sign: int) -> bool:
        """Asked after each printed objective. `curve` holds those of one training job so far, `others` those of the
        others; `sign` is 1 to minimise and -1 to maximise."""
        epoch = len(curve)
        if epoch >= self.most:
            return True
        if not self.is_rung(epoch):
            return False
        rivals = [sign * other[epoch - 1] for other in others if len(other) >= epoch]
        return not is_among_the_best(sign * curve[-1], rivals)

    def is_rung(self, epoch: int) -> bool:
        """Rungs are MinResource and its multiples by powers of the reduction factor."""
        rung = self.least
        while rung < epoch:
            rung *= KEEP_ONE_IN
        return rung == epoch


def is_among_the_best(value: float, rivals: Sequence[float]) -> bool:
    """Whether the value is in the best third of all that reached this rung, the lower being the better; while there
    are fewer than three, whether it is the best."""
    everyone = sorted([*rivals, value])
    kept = max(1, len(everyone) // KEEP_ONE_IN)
    return value <= everyone[kept - 1]


def resources(config: Mapping[str, Any], static: Mapping[str, str]) -> tuple[int, int] | None:
    """MinResource, which AWS does not require and which is then taken for 1, and MaxResource, which AWS infers from
    a static number of epochs; None where there is none to infer it from."""
    given = config.get("StrategyConfig", {}).get("HyperbandStrategyConfig", {})
    inferred = (static[name] for name in _EPOCHS if static.get(name, "").isdecimal())
    most = given.get("MaxResource") or int(next(inferred, 0))
    return (given.get("MinResource", 1), most) if most else None
