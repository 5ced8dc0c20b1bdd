"""The operations on transform jobs; `Transformer` does the work."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local_sagemaker.sagemaker.hosting.resources import views
from local_sagemaker.sagemaker.hosting.resources.records import TransformJob
from local_sagemaker.sagemaker.hosting.resources.store import HostingStore
from local_sagemaker.sagemaker.hosting.transforms.transform_rules import check_transform_job
from local_sagemaker.sagemaker.hosting.transforms.transformer import Transformer
from local_sagemaker.sagemaker.jobs import tags
from local_sagemaker.sagemaker.jobs.listing import Listing
from local_sagemaker.sagemaker.jobs.statuses import check_can_stop
from local_sagemaker.sagemaker.jobs.threads import Threads

Answer = dict[str, Any]
LISTING = Listing("TransformJob", "TransformJobSummaries", order="Descending")


@dataclass
class Transforms:
    """Runs each job in its own thread."""

    store: HostingStore
    transformer: Transformer
    _threads: Threads = field(default_factory=Threads)

    @property
    def answers(self) -> dict[str, Callable[[dict[str, Any]], Answer]]:
        """The operations by name."""
        return {
            "CreateTransformJob": self._create,
            "DescribeTransformJob": self._describe,
            "ListTransformJobs": self._list,
            "StopTransformJob": self._stop,
        }

    def _create(self, request: dict[str, Any]) -> Answer:
        check_transform_job(request)
        model = self.store.models.get(request["ModelName"])
        name, now = request["TransformJobName"], time.time()
        arn = self.store.transform_jobs.arn(name)
        job = TransformJob(name, arn, request, model.container, now, now, tags.given(request))
        self.store.transform_jobs.add(job)
        self._begin(job)
        return {"TransformJobArn": arn}

    def _describe(self, request: dict[str, Any]) -> Answer:
        with self.store.lock:
            return views.transform_job(self.store.transform_jobs.get(request["TransformJobName"]))

    def _list(self, request: dict[str, Any]) -> Answer:
        with self.store.lock:
            rows = [views.transform_job_row(job) for job in self.store.transform_jobs.all()]
        return LISTING.answer(rows, request)

    def _stop(self, request: dict[str, Any]) -> Answer:
        """StopTransformJob."""
        job = self.store.transform_jobs.get(request["TransformJobName"])
        check_can_stop("transform job", job.status)
        self.transformer.stop(job)
        return {}

    def resume(self) -> None:
        """Restart the jobs that had not ended: they have stored nothing yet."""
        for job in self.store.transform_jobs.all():
            if not job.has_ended:
                self._begin(job)

    def join(self, within_s: float) -> None:
        self._threads.join(within_s)

    def _begin(self, job: TransformJob) -> None:
        self.transformer.announce(job)
        self._threads.start(job.name, self.transformer.run, job)
