"""The account's quotas: their names here, their defaults, and AWS's message when one is exceeded.

docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-limits.html
"""

from collections.abc import Mapping

from local_sagemaker.sagemaker.protocol.errors import ServiceError

QUOTAS = {
    "tuning_jobs": 100,
    "parallel_training_jobs": 10,
    "training_jobs": 1_000,
    "processing_jobs": 1_000,
    "training_jobs_per_tuning_job": 750,
}
"""Concurrent tuning jobs, parallel training jobs of one tuning job, instances in use when a training or processing job
is created, and all training jobs of one tuning job. AWS's quota of instances differs by account and instance type, so
there is no default that fits all."""
MAX_RANDOM_JOBS = 10_000
"""The quota of a random search, unless `training_jobs_per_tuning_job` is set."""
_LIMITS = {
    "tuning_jobs": ("Number of concurrent hyperparameter tuning jobs", "Jobs"),
    "parallel_training_jobs": ("Maximum number of parallel training jobs per hyperparameter tuning job", "Jobs"),
    "training_jobs": ("Number of instances across all training jobs", "Instances"),
    "processing_jobs": ("Number of instances across all processing jobs", "Instances"),
    "training_jobs_per_tuning_job": ("Maximum number of training jobs per hyperparameter tuning job", "Jobs"),
}


class UnknownQuota(ValueError):
    """A quota that does not exist, or an invalid value."""


def checked(quotas: Mapping[str, int] | None) -> dict[str, int]:
    """The validated quotas. Raises: UnknownQuota: its message names the problem and the valid names."""
    for name, value in (quotas or {}).items():
        if name not in QUOTAS:
            raise UnknownQuota(f"`{name}` is not a quota; the quotas are: {', '.join(QUOTAS)}.")
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise UnknownQuota(f"the quota `{name}` must be a whole number of at least 0, not {value!r}.")
    return dict(quotas or {})


def refuse_beyond(quotas: Mapping[str, int], name: str, used: int, asked: int) -> None:
    """Raises: ServiceError: ResourceLimitExceeded: `asked` more would exceed the quota."""
    most = quotas.get(name, QUOTAS[name])
    if used + asked <= most:
        return
    limit, unit = _LIMITS[name]
    text = f"The account-level service limit '{limit}' is {most} {unit}, with current utilization of {used} {unit}"
    advice = "Please contact AWS support to request an increase for this limit."
    raise ServiceError("ResourceLimitExceeded", f"{text} and a request delta of {asked} {unit}. {advice}")
