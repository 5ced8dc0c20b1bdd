"""A SageMaker beside another emulator: what its users do at its port, and what is then at the other one's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import LETS_RULES_IN, eventually
from support.hosting_world import VARIANT, packed, write_serving_program
from support.sagemaker_world import CONTINUOUS, METRIC, PROLOGUE, TERMINAL, channel

CSV = b"length,width\n5.1,3.5\n4.9,3.0\n"
TRAINS = """
say(f"rows={len(open(ml + '/input/data/train/iris.csv').readlines())}")
say(f"mse={float(given['x']) ** 2}")
open(ml + "/model/x", "w").write(given["x"])
"""
BUCKET = "flowers"
TRAINING_JOBS = "/aws/sagemaker/TrainingJobs"


class BesideWorld:
    """`here` makes clients of SageMaker's port, `there` of the other emulator's own."""

    def __init__(self, aws: LocalSageMaker, url: str) -> None:
        self.aws = aws
        self.url = url

    def here(self, service: str) -> Any:
        return client(service, self.aws.endpoint_url, self.aws.region)

    def there(self, service: str) -> Any:
        return client(service, self.url, self.aws.region)

    def image(self, repository: str) -> str:
        return f"{self.aws.account}.dkr.ecr.{self.aws.region}.amazonaws.com/{repository}:latest"

    @property
    def role_arn(self) -> str:
        return f"arn:aws:iam::{self.aws.account}:role/training"

    def upload(self) -> None:
        """The dataset, into the other emulator's S3."""
        self.there("s3").create_bucket(Bucket=BUCKET)
        self.there("s3").put_object(Bucket=BUCKET, Key="iris/train/iris.csv", Body=CSV)

    def queue(self, name: str, **pattern: Any) -> str:
        """The URL of a queue of the other emulator, which gets what a rule of its bus with that pattern matches."""
        sqs, events = self.there("sqs"), self.there("events")
        url = str(sqs.create_queue(QueueName=name, Attributes=LETS_RULES_IN)["QueueUrl"])
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name=name, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
        return url

    def received(self, queue_url: str) -> list[dict[str, Any]]:
        found = self.there("sqs").receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in found]

    def tune(self, name: str) -> dict[str, Any]:
        """DescribeHyperParameterTuningJob's response once the job has ended."""
        sagemaker = self.here("sagemaker")
        sagemaker.create_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=name,
            HyperParameterTuningJobConfig={
                "Strategy": "Random",
                "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
                "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2},
                "ParameterRanges": CONTINUOUS,
            },
            TrainingJobDefinition={
                "AlgorithmSpecification": {
                    "TrainingImage": self.image("trains"),
                    "TrainingInputMode": "File",
                    "MetricDefinitions": [METRIC],
                },
                "RoleArn": self.role_arn,
                "InputDataConfig": [channel("train", f"s3://{BUCKET}/iris/train/")],
                "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models"},
                "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
                "StoppingCondition": {"MaxRuntimeInSeconds": 300},
            },
        )

        def ended() -> dict[str, Any] | None:
            found: dict[str, Any] = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
            return found if found["HyperParameterTuningJobStatus"] in TERMINAL else None

        return eventually(ended) or {}

    def artifact(self, training_job: str) -> tuple[str, str]:
        """The bucket and the key of its model."""
        found = self.here("sagemaker").describe_training_job(TrainingJobName=training_job)
        bucket, _, key = found["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://").partition("/")
        return bucket, key

    def serve(self, name: str) -> None:
        """An endpoint of that name, once it is in service; its model is in the other emulator's S3."""
        sagemaker = self.here("sagemaker")
        self.there("s3").put_object(Bucket=BUCKET, Key="echo.tar.gz", Body=packed({"word": "x"}))
        container = {"Image": self.image("serves"), "ModelDataUrl": f"s3://{BUCKET}/echo.tar.gz"}
        sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=self.role_arn)
        variant = {"VariantName": "AllTraffic", "ModelName": name, **VARIANT}
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
        eventually(lambda: sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"] == "InService")

    def invoke(self, name: str, body: bytes) -> bytes:
        answer = self.here("sagemaker-runtime").invoke_endpoint(EndpointName=name, Body=body)
        return bytes(answer["Body"].read())

    def logged(self, logs: Any, training_job: str) -> list[str]:
        """The lines of the job's log, read with this client."""
        (stream,) = logs.describe_log_streams(logGroupName=TRAINING_JOBS, logStreamNamePrefix=training_job)[
            "logStreams"
        ]
        found = logs.get_log_events(
            logGroupName=TRAINING_JOBS, logStreamName=stream["logStreamName"], startFromHead=True
        )
        return [event["message"] for event in found["events"]]


@contextmanager
def beside(url: str, path: Path) -> Iterator[BesideWorld]:
    """A SageMaker beside the emulator at `url`, with the images `trains` and `serves`. A second call with the same path
    starts it again."""
    trains, serves = path / "images" / "trains", path / "images" / "serves"
    if not trains.exists():
        trains.mkdir(parents=True)
        program = trains / "entrypoint"
        program.write_text(PROLOGUE + TRAINS)
        program.chmod(0o755)
        write_serving_program(serves)
    with LocalSageMaker(path / "home", images={"trains": trains, "serves": serves}, beside=url) as aws:
        yield BesideWorld(aws, url)
