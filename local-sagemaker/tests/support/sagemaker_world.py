"""A SageMaker whose images are programs that the tests write, and whose every answer botocore's own model judges."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from botocore.validate import ParamValidator

from local_sagemaker.sagemaker.api.service import SageMaker
from local_sagemaker.sagemaker.container.images import Images
from local_sagemaker.sagemaker.jobs.platform import Platform
from local_sagemaker.sagemaker.protocol.validation import service_model
from local_sagemaker.values import ACCOUNT
from support.account import eventually, unique

REGION = "us-east-1"
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/training"
TERMINAL = ("Completed", "Failed", "Stopped")
METRIC = {"Name": "mse", "Regex": r"mse=(\S+)"}
CONTINUOUS = {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "-1", "MaxValue": "1"}]}
PROLOGUE = f"""#!{sys.executable} -IS
import json, os, signal, sys, time
ml = os.environ["ML_ROOT"]
given = json.load(open(ml + "/input/config/hyperparameters.json"))
def say(text):
    print(text, flush=True)
"""
SQUARE = "say(f'mse={float(given[\"x\"]) ** 2}')"
FAILS = "open(ml + '/output/failure', 'w').write('bad data'); sys.exit(3)"
SLEEPS = "say('awake'); time.sleep(60)"
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN); say('awake'); time.sleep(60)"
"""Programs after the prologue."""


class World:
    """`events` holds what was emitted so far, `home` a folder for each training job. Without `s3` no program can have
    channels or a model. `programs` are another world's images, `settings` are
    of the platform or the SageMaker."""

    def __init__(self, s3: Any, path: Path, programs: dict[str, Path] | None = None, **settings: Any):
        self.s3, self.home, self._images = s3, path / "jobs", path / "images"
        self.events: list[dict[str, Any]] = []
        self.bucket = unique("bucket")
        self._programs = {} if programs is None else programs
        more = {"put_event": self.events.append, **settings}
        of_platform = {each.name: more.pop(each.name) for each in fields(Platform) if each.name in more}
        platform = Platform(s3, self.home, Images(self._programs), REGION, ACCOUNT, **of_platform)
        self.sagemaker = SageMaker(platform, **more)
        if s3:
            s3.create_bucket(Bucket=self.bucket)

    def call(self, operation: str, **request: Any) -> Any:
        """The answer as it comes over the wire, found right by botocore's model of the operation's output."""
        answer = json.loads(json.dumps(self.sagemaker.handle(operation, request)))
        assert faults(operation, answer) == ""
        return answer

    def put(self, **objects: str) -> None:
        """Objects in the bucket, by their keys."""
        for key, body in objects.items():
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def image(self, body: str, prologue: str = PROLOGUE) -> str:
        """An image whose program is the prologue and `body`."""
        repository = unique("trainer")
        program = self._images / repository / "entrypoint"
        program.parent.mkdir(parents=True)
        program.write_text(prologue + body + "\n")
        program.chmod(0o755)
        self._programs[repository] = program.parent
        return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{repository}:latest"

    def definition(self, body: str = SQUARE, **changes: Any) -> dict[str, Any]:
        """What a training job and a tuning job's TrainingJobDefinition have in common."""
        return {
            "AlgorithmSpecification": {
                "TrainingImage": self.image(body),
                "TrainingInputMode": "File",
                "MetricDefinitions": [METRIC],
            },
            "RoleArn": ROLE,
            "OutputDataConfig": {"S3OutputPath": f"s3://{self.bucket}/output/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
            **changes,
        }

    def train(self, body: str = SQUARE, name: str | None = None, **changes: Any) -> str:
        """Starts a training job; its name."""
        name = name or unique("training")
        values = {"HyperParameters": {"x": "0.5"}, **self.definition(body), **changes}
        self.call("CreateTrainingJob", TrainingJobName=name, **values)
        return name

    def trained(self, name: str) -> Any:
        """DescribeTrainingJob's answer once the job has ended."""
        return eventually(lambda: _ended(self.training(name), "TrainingJobStatus"))

    def training(self, name: str) -> Any:
        return self.call("DescribeTrainingJob", TrainingJobName=name)

    def tuning_request(self, body: str = SQUARE, jobs: int = 3, parallel: int = 1, **config: Any) -> dict[str, Any]:
        """A random search over `x` from -1 to 1; `config` replaces members of the tuning job's config."""
        return {
            "HyperParameterTuningJobName": unique("tuning"),
            "HyperParameterTuningJobConfig": {
                "Strategy": "Random",
                "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
                "ResourceLimits": {"MaxNumberOfTrainingJobs": jobs, "MaxParallelTrainingJobs": parallel},
                "ParameterRanges": CONTINUOUS,
                "RandomSeed": 1,
                **config,
            },
            "TrainingJobDefinition": self.definition(body),
        }

    def tune(self, body: str = SQUARE, jobs: int = 3, parallel: int = 1, **config: Any) -> str:
        """Starts a tuning job; its name."""
        request = self.tuning_request(body, jobs, parallel, **config)
        self.call("CreateHyperParameterTuningJob", **request)
        return str(request["HyperParameterTuningJobName"])

    def tuned(self, name: str) -> Any:
        """DescribeHyperParameterTuningJob's answer once the job has ended."""
        return eventually(lambda: _ended(self.tuning(name), "HyperParameterTuningJobStatus"), timeout_s=120)

    def tuning(self, name: str) -> Any:
        return self.call("DescribeHyperParameterTuningJob", HyperParameterTuningJobName=name)

    def training_jobs(self, name: str, **request: Any) -> list[Any]:
        """The first 100 rows of ListTrainingJobsForHyperParameterTuningJob."""
        asked = {"HyperParameterTuningJobName": name, "MaxResults": 100, **request}
        rows: list[Any] = self.call("ListTrainingJobsForHyperParameterTuningJob", **asked)["TrainingJobSummaries"]
        return rows

    def awake(self, number: int) -> list[str]:
        """The names of the training jobs whose programs have said a word, once they are `number`."""
        return eventually(lambda: names if len(names := self._awake()) >= number else [])

    def log(self, name: str) -> str:
        return (self.home / name / "log.txt").read_text()

    def statuses(self, detail: str, name: str) -> list[str]:
        """What the events told of a job's `detail`, in their order, up to its end."""
        return [found[detail] for found in eventually(lambda: _whole(self.told(name)))]

    def told(self, name: str) -> list[dict[str, Any]]:
        """The details of a job's events so far."""
        return [found["detail"] for found in list(self.events) if found["resources"][0].endswith(f"/{name}")]

    def _awake(self) -> list[str]:
        return sorted(log.parent.name for log in self.home.glob("*/log.txt") if log.stat().st_size)


@contextmanager
def a_world(s3: Any, path: Path, **settings: Any) -> Iterator[World]:
    """A world whose jobs have all ended afterwards; a job told to stop has half a second to end."""
    world = World(s3, path, **{"grace_s": 0.5, **settings})
    try:
        yield world
    finally:
        world.sagemaker.stop()


def channel(name: str, uri: str, kind: str = "S3Prefix", **more: Any) -> dict[str, Any]:
    """An input channel; `more` are members such as its ContentType."""
    source = {"S3DataType": kind, "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, **more}


def faults(operation: str, answer: dict[str, Any]) -> str:
    """What does not fit the operation's output; nothing if all does. A job without a model has no ModelArtifacts."""
    shape = service_model().operation_model(operation).output_shape
    if shape is None:
        return f"{operation} answers nothing, not {answer}" if answer else ""
    if operation == "DescribeTrainingJob":
        answer = {"ModelArtifacts": {"S3ModelArtifacts": ""}, **answer}
    return str(ParamValidator().validate(answer, shape).generate_report())


def _whole(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return told if any(value in TERMINAL for detail in told[-1:] for value in detail.values()) else []


def _ended(described: Any, status: str) -> Any:
    return described if described[status] in TERMINAL else None
