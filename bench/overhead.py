"""Measure the local SageMaker's overhead per training job, and a tuning job of 750, as clients see them.

    .retune/venv/bin/python -m bench.overhead                   some minutes; best on an otherwise idle machine

The program only prints when it began and when it ended. Spawned directly, "to running" is the time from the call to its
first output, "to recorded" from its last output to when its end is known. As a training job, the first is measured from
CreateTrainingJob, the second until DescribeTrainingJob first returns Completed.
"""

import argparse
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.local_aws import LocalAws, up
from bench.machine import this_machine
from tests.support.local.training_requests import definition, random_search

PROGRAM = """#!/bin/bash
echo "began=$EPOCHREALTIME mse=0.5"
echo "ended=$EPOCHREALTIME"
"""
ROWS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--single", type=int, default=50, help="training jobs one at a time")
    parser.add_argument("--jobs", type=int, default=750, help="training jobs of the tuning job")
    parser.add_argument("--parallel", type=int, default=8)
    given = parser.parse_args()
    print(this_machine())
    with tempfile.TemporaryDirectory() as folder, up(Path(folder), "noop", PROGRAM, "--only-aws") as local:
        local.client("s3").create_bucket(Bucket="out")
        show_single(local, given.single)
        show_tuning_job(local, given.jobs, given.parallel)


def definition_of(local: LocalAws) -> dict[str, Any]:
    image = f"{local.ready['image_uri'].partition('/')[0]}/noop:latest"
    return definition(image, local.ready["training_role_arn"], "s3://out/")


def memory_mb_of(local: LocalAws) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{local.pid}/status").read_text())
    assert found, f"process {local.pid} is gone"
    return int(found[1]) / 1000


def show_single(local: LocalAws, number: int) -> None:
    spawned = [spawn(local.program) for _ in range(number)]
    trained = [train(local, f"single-{place}") for place in range(number)]
    print(f"\n{number} runs, one at a time, medians in ms: spawned directly, as a training job, overhead")
    for place, name in enumerate(("to running", "to recorded")):
        direct, job = (1000 * statistics.median(one[place] for one in found) for found in (spawned, trained))
        print(f"  {name:12}{direct:8.1f}{job:8.1f}{job - direct:8.1f}")


def spawn(program: Path) -> tuple[float, float]:
    """Return the seconds to its first output, and from its last output to its end."""
    asked = time.time()
    printed = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True).stdout
    return _around(asked, printed, time.time())


def train(local: LocalAws, name: str) -> tuple[float, float]:
    """Return the same for a training job."""
    sagemaker = local.client("sagemaker")
    asked = time.time()
    sagemaker.create_training_job(TrainingJobName=name, **definition_of(local))
    while (status := sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobStatus"]) == "InProgress":
        continue
    recorded = time.time()
    assert status == "Completed", f"{name} is {status}"
    return _around(asked, log_of(local.client("logs"), name), recorded)


def log_of(logs: Any, training_job: str) -> str:
    group = "/aws/sagemaker/TrainingJobs"
    (stream,) = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{training_job}/")["logStreams"]
    events = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True)
    return "\n".join(event["message"] for event in events["events"])


def _around(asked: float, printed: str, known: float) -> tuple[float, float]:
    began, ended = (re.search(rf"{word}=([0-9.]+)", printed) for word in ("began", "ended"))
    assert began and ended, printed
    return float(began[1]) - asked, known - float(ended[1])


def show_tuning_job(local: LocalAws, jobs: int, parallel: int) -> None:
    """Print a line each time another share of the training jobs has ended."""
    sagemaker, name = local.client("sagemaker"), "long"
    print(f"\nA tuning job of {jobs} training jobs, {parallel} in parallel; {memory_mb_of(local):.0f} MB before")
    print(f"{'ended':>8}{'seconds':>10}{'MB':>8}{'Describe, median ms':>22}")
    began, describes_ms, marks = time.monotonic(), [], [jobs * row // ROWS for row in range(1, ROWS + 1)]
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig=random_search(jobs, parallel),
        TrainingJobDefinition=definition_of(local),
    )
    while marks:
        asked = time.perf_counter()
        found = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        describes_ms.append(1000 * (time.perf_counter() - asked))
        assert found["HyperParameterTuningJobStatus"] in ("InProgress", "Completed"), found
        completed = found["TrainingJobStatusCounters"]["Completed"]
        if completed >= marks[0]:
            seconds, median_ms = time.monotonic() - began, statistics.median(describes_ms)
            print(f"{completed:>8}{seconds:>10.1f}{memory_mb_of(local):>8.0f}{median_ms:>22.1f}", flush=True)
            marks, describes_ms = [mark for mark in marks if mark > completed], []
        time.sleep(0.1)


if __name__ == "__main__":
    main()
