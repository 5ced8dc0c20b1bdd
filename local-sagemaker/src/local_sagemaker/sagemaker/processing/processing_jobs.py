"""The operations on processing jobs; `Processor` does the work."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from local_sagemaker.sagemaker.jobs import tags
from local_sagemaker.sagemaker.jobs.listing import Listing
from local_sagemaker.sagemaker.jobs.quotas import refuse_beyond
from local_sagemaker.sagemaker.jobs.statuses import check_can_delete, check_can_stop
from local_sagemaker.sagemaker.jobs.threads import Threads
from local_sagemaker.sagemaker.processing import views
from local_sagemaker.sagemaker.processing.defaults import filled
from local_sagemaker.sagemaker.processing.events import processing_job_event
from local_sagemaker.sagemaker.processing.processor import Processor
from local_sagemaker.sagemaker.processing.records import ProcessingJob
from local_sagemaker.sagemaker.processing.rules import check_processing_job

Answer = dict[str, Any]
LISTING = Listing("ProcessingJob", "ProcessingJobSummaries")


class ProcessingJobs:
    """Runs each job in its own thread."""

    def __init__(self, processor: Processor, quotas: Mapping[str, int]):
        self.store = processor.store
        self._processor = processor
        self._quotas = quotas
        self._threads = Threads()
        self.answers: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "CreateProcessingJob": self._create,
            "DescribeProcessingJob": self._describe,
            "ListProcessingJobs": self._list,
            "StopProcessingJob": self._stop,
            "DeleteProcessingJob": self._delete,
        }

    def resume(self) -> None:
        """Run the jobs again that had not ended."""
        for job in self.store.jobs.all():
            if not job.has_ended:
                self._threads.start(job.name, self._processor.resume, job)

    def stop(self, grace_s: float, within_s: float) -> None:
        """End the processes of all jobs, which a closed store keeps as they were."""
        self._processor.grace_s = min(self._processor.grace_s, grace_s)
        for job in self.store.jobs.all():
            self._processor.stop(job)
        self._threads.join(within_s)
        self._processor.watchdog.stop()

    def _create(self, request: dict[str, Any]) -> Answer:
        check_processing_job(request)
        name, now = request["ProcessingJobName"], time.time()
        job = ProcessingJob(name, self.store.jobs.arn(name), filled(request), tags.given(request), now, now)
        with self.store.changing(job):
            running = sum(not other.has_ended for other in self.store.jobs.all())
            refuse_beyond(self._quotas, "processing_jobs", running, 1)
            self.store.jobs.add(job)
            self._processor.platform.emit(processing_job_event(job))
        self._threads.start(job.name, self._processor.run, job)
        return {"ProcessingJobArn": job.arn}

    def _describe(self, request: dict[str, Any]) -> Answer:
        with self.store.lock:
            return views.processing_job(self._named(request))

    def _list(self, request: dict[str, Any]) -> Answer:
        with self.store.lock:
            rows = [views.processing_job_row(job) for job in self.store.jobs.all()]
        return LISTING.answer(rows, request)

    def _stop(self, request: dict[str, Any]) -> Answer:
        job = self._named(request)
        check_can_stop("processing job", job.status)
        self._processor.stop(job)
        return {}

    def _delete(self, request: dict[str, Any]) -> Answer:
        """Delete the job's entry; its outputs and its log stay, and its name can be reused."""
        with self.store.lock:
            job = self._named(request)
            check_can_delete("processing job", job.name, job.status)
            self.store.jobs.remove(job.name)
        return {}

    def _named(self, request: dict[str, Any]) -> ProcessingJob:
        """Raises: ServiceError: it does not exist."""
        return self.store.jobs.get(request["ProcessingJobName"])
