"""A program that runs a local AWS with a tuning job in it, to be killed: `tune_until_killed.py HOME`."""

import sys
import time
from pathlib import Path
from typing import Any

from local_sagemaker import LocalSageMaker
from support.programs.killed_aws import image, queue_events
from support.sagemaker_world import CONTINUOUS, METRIC, PROLOGUE, ROLE

JOBS, PARALLEL = 6, 2
BODY = """
import os
with open(os.environ["HOME"] + "/../../runs", "a") as runs:
    runs.write(os.environ["TRAINING_JOB_NAME"] + "\\n")
time.sleep(0.5)
say(f"mse={float(given['x']) ** 2}")
"""


def images(home: Path) -> dict[str, Path]:
    """The one image: a program that notes each of its runs in `HOME/runs`."""
    return image(home, "trainer", PROLOGUE + BODY)


def request(account: str) -> dict[str, Any]:
    return {
        "HyperParameterTuningJobName": "search",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": JOBS, "MaxParallelTrainingJobs": PARALLEL},
            "ParameterRanges": CONTINUOUS,
            "RandomSeed": 1,
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {
                "TrainingImage": f"{account}.dkr.ecr.us-east-1.amazonaws.com/trainer:latest",
                "TrainingInputMode": "File",
                "MetricDefinitions": [METRIC],
            },
            "RoleArn": ROLE,
            "OutputDataConfig": {"S3OutputPath": "s3://data/output/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
    }


if __name__ == "__main__":
    here = Path(sys.argv[1])
    with LocalSageMaker(here, images=images(here)) as aws:
        aws.client("s3").create_bucket(Bucket="data")
        detail = {"HyperParameterTuningJobStatus": ["Completed", "Failed", "Stopped"]}
        queue_events(aws, "ends", {"source": ["aws.sagemaker"], "detail": detail})
        aws.client("sagemaker").create_hyper_parameter_tuning_job(**request(aws.account))
        time.sleep(600)
