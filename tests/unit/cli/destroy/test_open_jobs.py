"""Tuning jobs that stand in the way, against a SageMaker with a memory."""

from collections.abc import Iterator
from typing import Any, Self

from cli.destroy.open_jobs import JobsRun, open_jobs, stop_all


class SageMaker:
    """Jobs by name with their status and dataset. One that is stopped is Stopping for two looks."""

    def __init__(self, jobs: dict[str, tuple[str, str | None]]):
        self.jobs = jobs
        self.looks: dict[str, int] = {}
        self.stopped: list[str] = []

    def get_paginator(self, operation: str) -> Self:
        assert operation == "list_hyper_parameter_tuning_jobs"
        return self

    def paginate(self, *, NameContains: str, StatusEquals: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - AWS's words
        for name, (status, _) in list(self.jobs.items()):
            if NameContains in name and status == StatusEquals:
                summary = {"HyperParameterTuningJobName": name, "HyperParameterTuningJobArn": f"arn:{name}"}
                yield {"HyperParameterTuningJobSummaries": [summary]}
            if status == "Stopping":
                self.looks[name] = self.looks.get(name, 0) + 1
                if self.looks[name] > 2:
                    del self.jobs[name]

    def list_tags(self, ResourceArn: str) -> dict[str, Any]:  # noqa: N803 - AWS's word
        dataset = self.jobs.get(ResourceArn.removeprefix("arn:"), ("", None))[1]
        return {"Tags": [{"Key": "retune:dataset", "Value": dataset}] if dataset else []}

    def stop_hyper_parameter_tuning_job(self, HyperParameterTuningJobName: str) -> None:  # noqa: N803 - AWS's word
        self.stopped.append(HyperParameterTuningJobName)
        self.jobs[HyperParameterTuningJobName] = ("Stopping", None)


def test_only_open_jobs_of_this_prefix_are_in_the_way() -> None:
    sagemaker = SageMaker(
        {
            "retune-iris-1": ("InProgress", "iris"),
            "retune-old-1": ("Completed", "old"),
            "my-retune-iris-1": ("InProgress", "iris"),
            "retune2-iris-1": ("InProgress", "iris"),
        }
    )

    assert [job.name for job in open_jobs(sagemaker, "retune")] == ["retune-iris-1"]


def test_the_refusal_names_each_job_and_how_to_stop_it() -> None:
    sagemaker = SageMaker({"r-a-1": ("InProgress", "a"), "r-b-1": ("Stopping", "b"), "r-c-1": ("InProgress", None)})

    said = str(JobsRun(open_jobs(sagemaker, "r")))

    assert said.splitlines()[0] == "3 tuning jobs have not ended, and nothing was changed. Wait, or stop:"
    assert "r-a-1 (InProgress): ./retune stop a" in said
    assert "r-b-1 (Stopping): is being stopped already" in said
    assert "stop-hyper-parameter-tuning-job --hyper-parameter-tuning-job-name r-c-1" in said
    assert "--stop-jobs" in said


def test_stopping_asks_once_for_each_and_waits_until_none_is_left() -> None:
    sagemaker = SageMaker({"r-a-1": ("InProgress", "a"), "r-b-1": ("Stopping", "b")})

    stop_all(sagemaker, "r", sleep=lambda _: None)

    assert sagemaker.stopped == ["r-a-1"]
    assert sagemaker.jobs == {}
