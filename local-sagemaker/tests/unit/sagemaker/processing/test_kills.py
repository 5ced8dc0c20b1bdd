"""A processing job whose local AWS is killed runs again, alone, and its end is told once."""

from pathlib import Path
from typing import Any

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import eventually
from support.programs.killed_aws import kill_once, queued_details
from support.programs.process_until_killed import JOB, images
from unit.sagemaker.training.test_stops import is_there


def test_a_killed_processing_job_ends_as_if_nothing_had_been(tmp_path: Path) -> None:
    pid = killed_while_it_runs(tmp_path)

    with LocalSageMaker(tmp_path, images=images(tmp_path)) as aws:
        sagemaker = client("sagemaker", aws.endpoint_url, aws.region)
        job = eventually(lambda: ended(sagemaker))
        s3 = client("s3", aws.endpoint_url, aws.region)
        stored = s3.get_object(Bucket="data", Key="out/part")["Body"].read()
        told = states(aws)

    assert job["ProcessingJobStatus"] == "Completed"
    assert stored == b"2"
    assert told == ["InProgress", "Completed"]
    assert not is_there(pid)


def killed_while_it_runs(home: Path) -> int:
    """The pid of the job's program, of which the local AWS was killed."""
    runs = home / "sagemaker" / "processing-jobs" / "runs"
    kill_once(lambda: runs.exists() and runs.read_text().endswith("\n"), "process_until_killed.py", home)
    return int(runs.read_text())


def ended(sagemaker: Any) -> Any:
    found = sagemaker.describe_processing_job(ProcessingJobName=JOB)
    return found if found["ProcessingJobStatus"] != "InProgress" else None


def states(aws: LocalSageMaker) -> list[str]:
    """The statuses that the events told of."""
    details = sorted(queued_details(aws, "states"), key=lambda one: float(one["LastModifiedTime"]))
    return [detail["ProcessingJobStatus"] for detail in details]
