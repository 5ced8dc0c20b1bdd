"""A tuning job whose local AWS is killed goes on from its finished training jobs."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import eventually
from support.programs.killed_aws import kill_once, queued_details
from support.programs.tune_until_killed import JOBS, PARALLEL, images


@pytest.mark.parametrize("after", [1, 4])
def test_a_killed_tuning_job_ends_as_if_nothing_had_been(tmp_path: Path, after: int) -> None:
    begun_before = killed_once_begun(tmp_path, after)

    with LocalSageMaker(tmp_path, images=images(tmp_path)) as aws:
        sagemaker = client("sagemaker", aws.endpoint_url, aws.region)
        tuning = eventually(lambda: ended(sagemaker), timeout_s=60)
        rows = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
            HyperParameterTuningJobName="search", MaxResults=100
        )["TrainingJobSummaries"]
        told = ends(aws)

    assert tuning["TrainingJobStatusCounters"]["Completed"] == JOBS
    runs = Counter((tmp_path / "runs").read_text().split())
    assert runs.keys() == {row["TrainingJobName"] for row in rows}
    assert set(begun_before) <= runs.keys()
    again = [name for name, times in runs.items() if times > 1]
    # Only what ran just then; a program that was still starting may have written its line after it was read.
    assert set(again) & set(begun_before) <= set(begun_before[-PARALLEL:])
    assert len(again) <= PARALLEL
    assert len({row["TunedHyperParameters"]["x"] for row in rows}) == JOBS
    best = min(rows, key=lambda row: float(row["TunedHyperParameters"]["x"]) ** 2)
    assert tuning["BestTrainingJob"]["TrainingJobName"] == best["TrainingJobName"]
    assert told == ["Completed"]


def killed_once_begun(home: Path, number: int) -> list[str]:
    """The names of the training jobs that had begun when the local AWS was killed, in their order."""
    runs = home / "runs"
    kill_once(lambda: runs.exists() and len(runs.read_text().split()) >= number, "tune_until_killed.py", home)
    return runs.read_text().split()


def ended(sagemaker: Any) -> Any:
    found = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="search")
    return found if found["HyperParameterTuningJobStatus"] != "InProgress" else None


def ends(aws: LocalSageMaker) -> list[str]:
    """The status that each event of the tuning job's end told."""
    return [detail["HyperParameterTuningJobStatus"] for detail in queued_details(aws, "ends")]
