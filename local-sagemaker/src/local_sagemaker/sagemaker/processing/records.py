"""Processing jobs as they are stored."""

import threading
from dataclasses import dataclass, field
from typing import Any

from local_sagemaker.sagemaker.jobs.resources import ResourceStore
from local_sagemaker.sagemaker.jobs.statuses import IN_PROGRESS, has_ended
from local_sagemaker.sagemaker.jobs.store import Store


@dataclass
class ProcessingJob:
    """`request` is CreateProcessingJob's with its defaults. Times are epoch seconds; `message` is what the container
    left for ExitMessage."""

    name: str
    arn: str
    request: dict[str, Any]
    tags: dict[str, str]
    created_at: float
    modified_at: float
    status: str = IN_PROGRESS
    started_at: float | None = None
    ended_at: float | None = None
    failure: str | None = None
    message: str | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def has_ended(self) -> bool:
        return has_ended(self.status)


class ProcessingStore(ResourceStore):
    """All processing jobs."""

    def __init__(self, arns: str, store: Store):
        super().__init__(arns, store)
        self.jobs = self.collection(ProcessingJob, "processing job", "processing-job")
