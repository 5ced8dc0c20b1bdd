"""A program that runs a local AWS with a tuning job in it, to be killed: `tune_until_killed.py HOME`."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import LETS_RULES_IN
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
    program = home / "images" / "trainer" / "entrypoint"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(PROLOGUE + BODY)
    program.chmod(0o755)
    return {"trainer": program.parent}


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
        of = {name: client(name, aws.endpoint_url, aws.region) for name in ("s3", "sqs", "events", "sagemaker")}
        of["s3"].create_bucket(Bucket="data")
        of["sqs"].create_queue(QueueName="ends", Attributes=LETS_RULES_IN)
        detail = {"HyperParameterTuningJobStatus": ["Completed", "Failed", "Stopped"]}
        of["events"].put_rule(Name="ends", EventPattern=json.dumps({"source": ["aws.sagemaker"], "detail": detail}))
        target = {"Id": "1", "Arn": f"arn:aws:sqs:{aws.region}:{aws.account}:ends"}
        of["events"].put_targets(Rule="ends", Targets=[target])
        of["sagemaker"].create_hyper_parameter_tuning_job(**request(aws.account))
        time.sleep(600)
