"""Runs one transform job from its start to its end, and emits its state changes."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local_sagemaker.sagemaker.hosting.resources.events import transform_job_event
from local_sagemaker.sagemaker.hosting.resources.records import TransformJob
from local_sagemaker.sagemaker.hosting.resources.store import HostingStore
from local_sagemaker.sagemaker.hosting.serving.deployment import Deployer, NotDeployed
from local_sagemaker.sagemaker.hosting.serving.logs import TRANSFORM_JOBS, ContainerLog
from local_sagemaker.sagemaker.hosting.serving.server import GRACE_S, Server
from local_sagemaker.sagemaker.hosting.transforms.batch import Batch, TransformFault
from local_sagemaker.sagemaker.hosting.transforms.execution_parameters import execution_parameters, variables
from local_sagemaker.sagemaker.hosting.transforms.transform_inputs import InputFault, inputs
from local_sagemaker.sagemaker.jobs.failures import internal_error
from local_sagemaker.sagemaker.jobs.statuses import COMPLETED, FAILED, STOPPED, STOPPING


class Transformer:
    """Runs transform jobs, each with its own server."""

    def __init__(
        self, store: HostingStore, deployer: Deployer, s3: Any, home: Path, emit: Callable[[dict[str, Any]], None]
    ):
        self._store = store
        self._deployer = deployer
        self._s3 = s3
        self._home = home
        self._emit = emit
        self._servers: dict[str, Server] = {}
        self._stops: dict[str, threading.Event] = {}
        self._is_stopping = False

    def announce(self, job: TransformJob) -> None:
        """Register the job. Call it before its thread starts, so that the job can be stopped from the beginning."""
        self._stops[job.name] = threading.Event()
        if job.status == STOPPING:
            self._stops[job.name].set()
        self._emit(transform_job_event(job))

    def run(self, job: TransformJob) -> None:
        """Run the job. Its status tells how it ended; nothing is raised."""
        try:
            failure = self._transform(job, self._stops[job.name])
        except NotDeployed as e:
            failure = f"AlgorithmError: Model container failed to respond to ping. {e}"
        except InputFault as e:
            failure = str(e)
        except TransformFault as e:
            failure = f"{e.kind}: See job logs for more information, {self._home / job.name / 'log.txt'}. {e}"
        except Exception as e:  # noqa: BLE001 - the edge of a thread: otherwise the job would hang forever
            failure = internal_error(e, f"transform job {job.name}")
        self._conclude(job, failure)

    def stop(self, job: TransformJob) -> None:
        """Ask the job to stop. Does nothing if it has already ended or is stopping."""
        with self._store.changing(job):
            if job.has_ended or self._stops[job.name].is_set():
                return
            self._stops[job.name].set()
            job.status, job.modified_at = STOPPING, time.time()
            server = self._servers.get(job.name)
            self._emit(transform_job_event(job))
        if server is not None:
            threading.Thread(target=server.end, name=f"ends {job.name}", daemon=True).start()

    def stop_all(self, grace_s: float) -> None:
        """End all servers; the jobs keep their status."""
        self._is_stopping = True
        with self._store.lock:
            servers = list(self._servers.values())
            for stop in self._stops.values():
                stop.set()
        for server in servers:
            server.end(grace_s)

    def _transform(self, job: TransformJob, stop: threading.Event) -> str | None:
        """Run the batch; return the reason of its failure, or None."""
        request = job.request
        log = ContainerLog(TRANSFORM_JOBS, job.name)
        server = self._deployer.prepare(job.container, self._home / job.name, variables(request), log)
        with self._store.changing(job):
            self._servers[job.name] = server
            job.started_at = time.time()
        try:
            if stop.is_set():
                return None
            self._deployer.start(server, None, "The primary container")
            found = inputs(self._s3, request["TransformInput"]["DataSource"]["S3DataSource"])
            batch = Batch(self._s3, server, request, execution_parameters(request, server), stop)
            batch.run(found)
        finally:
            del self._servers[job.name]
            server.end(GRACE_S)
        return None

    def _conclude(self, job: TransformJob, failure: str | None) -> None:
        if self._is_stopping:
            return
        with self._store.changing(job):
            is_stopped = self._stops.pop(job.name).is_set()
            job.status = STOPPED if is_stopped else FAILED if failure else COMPLETED
            job.failure = None if is_stopped else failure and failure[:1024]
            job.ended_at = job.modified_at = time.time()
            self._emit(transform_job_event(job))
