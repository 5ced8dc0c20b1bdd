"""Warm start: a tuning job learns from earlier tuning jobs.

docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-warm-start.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from local_sagemaker.sagemaker.jobs.jobs import TrainingJob, TuningJob, best_of
from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.protocol.errors import invalid

_IDENTICAL = "IdenticalDataAndAlgorithm"


def is_identical(request: Mapping[str, Any]) -> bool:
    return bool(request.get("WarmStartConfig", {}).get("WarmStartType") == _IDENTICAL)


def asked_parents(state: State, request: Mapping[str, Any]) -> list[TuningJob]:
    """The parents that the request names.

    AWS does not document its response if one does not exist; here it is a ValidationException.
    Raises: ServiceError: a parent does not exist."""
    there = {job.name.lower(): job for job in state.all_tuning()}
    names = _parent_names(request)
    for name in names:
        if name.lower() not in there:
            raise invalid(f"The parent hyperparameter tuning job {name} does not exist.")
    return [there[name.lower()] for name in names]


def parents(state: State, job: TuningJob) -> list[TuningJob]:
    """The parents that still exist: a tuning job can be deleted."""
    names = [name.lower() for name in _parent_names(job.request)]
    there = {found.name.lower(): found for found in state.all_tuning()}
    return [there[name] for name in names if name in there]


def overall_best(job: TuningJob, parents: Sequence[TuningJob]) -> tuple[TuningJob, TrainingJob] | None:
    """The best training job of this tuning job and its parents, with the tuning job that launched it; None unless
    data and algorithm are identical."""
    if not is_identical(job.request):
        return None
    family = [*parents, job]
    best = best_of((tuning, training) for tuning in family for training in tuning.training_jobs)
    return next(((tuning, best) for tuning in family if best and tuning.name == best.tuning_job), None)


def _parent_names(request: Mapping[str, Any]) -> list[str]:
    given = request.get("WarmStartConfig", {}).get("ParentHyperParameterTuningJobs", [])
    return [str(found.get("HyperParameterTuningJobName", "")) for found in given]
