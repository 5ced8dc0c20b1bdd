"""The account's quotas: their names here, their defaults, and AWS's words when one is used up.

docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-limits.html
"""

from collections.abc import Mapping

from localaws.sagemaker.errors import ServiceError

QUOTAS = {
    "tuning_jobs": 100,
    "parallel_training_jobs": 10,
    "training_jobs": 1_000,
    "training_jobs_per_tuning_job": 750,
}
"""Concurrent tuning jobs, parallel training jobs of one, instances in use when a training job is asked for, and all
training jobs of one tuning job. AWS's own quota of instances differs by account and instance type: none fits all."""
MAX_RANDOM_JOBS = 10_000
"""A random search's own quota, unless `training_jobs_per_tuning_job` is set."""
_LIMITS = {
    "tuning_jobs": ("Number of concurrent hyperparameter tuning jobs", "Jobs"),
    "parallel_training_jobs": ("Maximum number of parallel training jobs per hyperparameter tuning job", "Jobs"),
    "training_jobs": ("Number of instances across all training jobs", "Instances"),
    "training_jobs_per_tuning_job": ("Maximum number of training jobs per hyperparameter tuning job", "Jobs"),
}


class UnknownQuota(ValueError):
    """A quota that there is not, or a value that none can have."""


def checked(quotas: Mapping[str, int] | None) -> dict[str, int]:
    """Those that were set, found right. Raises: UnknownQuota: what is wrong, and what there is."""
    for name, value in (quotas or {}).items():
        if name not in QUOTAS:
            raise UnknownQuota(f"there is no quota `{name}`; there are: {', '.join(QUOTAS)}.")
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise UnknownQuota(f"the quota `{name}` must be a whole number from 0, not {value!r}.")
    return dict(quotas or {})


def refuse_beyond(quotas: Mapping[str, int], name: str, used: int, asked: int) -> None:
    """Raises: ServiceError: ResourceLimitExceeded, when `asked` more are too many."""
    most = quotas.get(name, QUOTAS[name])
    if used + asked <= most:
        return
    limit, unit = _LIMITS[name]
    text = f"The account-level service limit '{limit}' is {most} {unit}, with current utilization of {used} {unit}"
    advice = "Please contact AWS support to request an increase for this limit."
    raise ServiceError("ResourceLimitExceeded", f"{text} and a request delta of {asked} {unit}. {advice}")
