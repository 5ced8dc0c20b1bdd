"""Tuning jobs that have not ended: while they run, what they read and write must not go."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cli.console import ExitCode, Leave, say

_OPEN = ("InProgress", "Stopping")
LONGEST_PAUSE_S = 10.0


@dataclass(frozen=True)
class OpenJob:
    """One tuning job of the stack's; `dataset` is None where its tags do not say."""

    name: str
    status: str
    dataset: str | None


class JobsRun(Leave):
    """They are named, and how to stop them."""

    def __init__(self, jobs: Sequence[OpenJob]):
        lines = [f"  {job.name} ({job.status}): {_fix(job)}" for job in jobs]
        some = "A tuning job has" if len(jobs) == 1 else f"{len(jobs)} tuning jobs have"
        text = "\n".join([f"{some} not ended, and nothing was changed. Wait, or stop:", *lines])
        super().__init__(ExitCode.FAILED, f"{text}\n`./retune destroy --stop-jobs` stops all of them first.")


def open_jobs(sagemaker: Any, prefix: str) -> list[OpenJob]:
    """Those whose name begins with the stack's prefix."""
    return sorted(_open_jobs(sagemaker, f"{prefix}-"), key=lambda job: job.name)


def stop_all(sagemaker: Any, prefix: str, sleep: Callable[[float], None] = time.sleep) -> None:
    """Stop them, and wait until they have ended; SageMaker takes some minutes."""
    pause_s = 0.2
    asked: set[str] = set()
    while jobs := open_jobs(sagemaker, prefix):
        for job in jobs:
            if job.status == "InProgress" and job.name not in asked:
                sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=job.name)
                say(f"{job.name} is being stopped …")
                asked.add(job.name)
        sleep(pause_s)
        pause_s = min(LONGEST_PAUSE_S, 1.5 * pause_s)


def _open_jobs(sagemaker: Any, begins: str) -> Iterator[OpenJob]:
    pages = sagemaker.get_paginator("list_hyper_parameter_tuning_jobs")
    for status in _OPEN:
        for page in pages.paginate(NameContains=begins, StatusEquals=status):
            for one in page["HyperParameterTuningJobSummaries"]:
                name = one["HyperParameterTuningJobName"]
                if name.startswith(begins):
                    tags = sagemaker.list_tags(ResourceArn=one["HyperParameterTuningJobArn"])["Tags"]
                    datasets = [tag["Value"] for tag in tags if tag["Key"] == "retune:dataset"]
                    yield OpenJob(name, status, datasets[0] if datasets else None)


def _fix(job: OpenJob) -> str:
    if job.status == "Stopping":
        return "is being stopped already"
    if job.dataset:
        return f"./retune stop {job.dataset}"
    return f"aws sagemaker stop-hyper-parameter-tuning-job --hyper-parameter-tuning-job-name {job.name}"
