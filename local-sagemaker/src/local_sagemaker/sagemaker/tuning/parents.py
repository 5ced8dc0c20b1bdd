"""What a tuning job that is warm-started learns from its parents."""

from collections.abc import Iterable

from local_sagemaker.sagemaker.jobs.jobs import TuningJob
from local_sagemaker.sagemaker.strategies import Observation


def observations(parents: Iterable[TuningJob]) -> list[Observation]:
    """The parents' own training jobs that have an objective; what parents learned from theirs is not inherited."""
    return [
        Observation({**parent.definition_of(job).static, **job.tuned}, objective, source=parent.name)
        for parent in parents
        for job in parent.training_jobs
        if (objective := parent.objective(job)) is not None
    ]
