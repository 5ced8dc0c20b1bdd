"""The API: dispatches each SageMaker operation that this service implements."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from local_sagemaker.sagemaker.find.resources import resources
from local_sagemaker.sagemaker.find.search import search, suggestions
from local_sagemaker.sagemaker.hosting.hosting import Hosting
from local_sagemaker.sagemaker.jobs import tags
from local_sagemaker.sagemaker.jobs.platform import Platform
from local_sagemaker.sagemaker.jobs.quotas import checked
from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.jobs.threads import Threads
from local_sagemaker.sagemaker.processing.processing_jobs import ProcessingJobs
from local_sagemaker.sagemaker.processing.processor import Processor
from local_sagemaker.sagemaker.processing.records import ProcessingStore
from local_sagemaker.sagemaker.protocol.errors import ServiceError
from local_sagemaker.sagemaker.protocol.validation import validate, without_nulls
from local_sagemaker.sagemaker.training.trainer import Trainer
from local_sagemaker.sagemaker.training.training_jobs import TrainingJobs
from local_sagemaker.sagemaker.tuning.tuner import Tuner
from local_sagemaker.sagemaker.tuning.tuning_jobs import TuningJobs

__all__ = ["SageMaker", "ServiceError"]

STOP_WITHIN_S = 5.0

Answer = dict[str, Any]


class SageMaker:
    """A SageMaker that trains and serves on this machine. A job has `grace_s` to end when it is stopped. The next
    instance with the same store restores its contents; `hosting` holds settings of `Hosting`.

    Raises: UnknownQuota: `quotas` has an unknown name or an invalid value."""

    def __init__(
        self,
        platform: Platform,
        *,
        quotas: Mapping[str, int] | None = None,
        grace_s: float = 120.0,
        hosting: Mapping[str, Any] | None = None,
    ):
        limits = checked(quotas)
        self._store = platform.store
        self._state = State(self._store)
        self._threads = Threads()
        self._trainer = Trainer(platform, self._state, grace_s)
        self._training = TrainingJobs(self._trainer, limits, self._threads)
        self._tuning = TuningJobs(Tuner(self._state, self._trainer, platform.emit), limits, self._threads)
        self._hosting = Hosting(platform, **(hosting or {}))
        processing_store = ProcessingStore(platform.arns, self._store)
        processor = Processor(platform.below("processing-jobs"), processing_store, grace_s)
        self._processing = ProcessingJobs(processor, limits)
        self.invoke = self._hosting.runtime.answer
        findable = resources(self._state, self._hosting.store, platform.packages, platform.arns)
        self._answers: dict[str, Callable[[dict[str, Any]], Answer]] = {
            **self._tuning.answers,
            **self._training.answers,
            **self._hosting.answers,
            **self._processing.answers,
            "AddTags": lambda request: tags.add(self._owner(request), request),
            "ListTags": lambda request: tags.listed(self._owner(request), request),
            "DeleteTags": lambda request: tags.delete(self._owner(request), request),
            "Search": partial(search, findable),
            "GetSearchSuggestions": partial(suggestions, findable),
        }

    @property
    def operations(self) -> frozenset[str]:
        return frozenset(self._answers)

    def check(self, operation: str, request: dict[str, Any]) -> None:
        """Raises: ServiceError: the request violates the service model. Operations of moto are checked too."""
        validate(operation, request)

    def handle(self, operation: str, request: dict[str, Any]) -> Answer:
        """Answer one call. Raises: ServiceError: AWS would reject it."""
        validate(operation, request)
        return self._answers[operation](without_nulls(request) or {})

    def resume(self) -> None:
        """Resume the jobs that an earlier process did not finish."""
        for service in (self._training, self._tuning, self._hosting, self._processing):
            service.resume()

    def stop(self) -> None:
        """End the processes of all jobs, and return when they are gone. No event is emitted: in the store, the jobs are
        still running."""
        self._store.close()
        self._trainer.grace_s = grace_s = min(self._trainer.grace_s, 1.0)
        self._tuning.stop()
        self._training.stop()
        self._hosting.stop(grace_s, STOP_WITHIN_S)
        self._processing.stop(grace_s, STOP_WITHIN_S)
        self._threads.join(STOP_WITHIN_S)
        self._trainer.watchdog.stop()

    def _owner(self, request: dict[str, Any]) -> tags.TagOwner:
        """The owner of the resource whose tags are requested."""
        owners = (self._hosting.store, self._processing.store)
        return next((owner for owner in owners if owner.owns(request["ResourceArn"])), self._state)
