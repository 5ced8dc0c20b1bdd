"""The AWS CLI from PyPI, unchanged, drives a tuning job from its creation to a prediction."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.heavy.alone import Alone
from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import AWS_CLI

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(900)]
BUCKET, JOB, OTHER = "of-the-cli", "cli-tune", "cli-stop"
Aws = Callable[..., Any]


@pytest.fixture(scope="module")
def aws(alone: Alone) -> Aws:
    """`aws` with these words; what it prints, read as JSON."""

    def call(*words: object) -> Any:
        said = alone.run(AWS_CLI, "aws", *words, "--output", "json").stdout
        return json.loads(said) if said.strip() else None

    return call


def request(alone: Alone, name: str, jobs: int) -> str:
    """CreateHyperParameterTuningJob's, as a file for --cli-input-json would hold it."""
    definition = {
        "AlgorithmSpecification": {
            "TrainingImage": alone.ready["image_uri"],
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "mse", "Regex": "mse: ([0-9\\.]+)"}],
        },
        "RoleArn": alone.ready["training_role_arn"],
        "StaticHyperParameters": {"target": "Sepal.Length"},
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "ContentType": "text/csv",
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/iris/"}},
            }
        ],
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/output"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }
    config = {
        "Strategy": "Random",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": jobs, "MaxParallelTrainingJobs": 2},
        "ParameterRanges": {
            "ContinuousParameterRanges": [{"Name": "thresh", "MinValue": "0.001", "MaxValue": "0.01"}],
            "IntegerParameterRanges": [{"Name": "degree", "MinValue": "1", "MaxValue": "3"}],
        },
    }
    return json.dumps(
        {
            "HyperParameterTuningJobName": name,
            "HyperParameterTuningJobConfig": config,
            "TrainingJobDefinition": definition,
            "Tags": [{"Key": "owner", "Value": "cli"}],
        }
    )


def ended(aws: Aws, name: str, within_s: float = 120) -> dict[str, Any]:
    """The description of the tuning job once it has ended."""
    until = time.monotonic() + within_s
    words = ("sagemaker", "describe-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", name)
    while (found := aws(*words))["HyperParameterTuningJobStatus"] in ("InProgress", "Stopping"):
        assert time.monotonic() < until, found
        time.sleep(0.5)
    return dict(found)


@pytest.fixture(scope="module")
def tuned(alone: Alone, aws: Aws) -> dict[str, Any]:
    """A tuning job created by the CLI, at its end."""
    alone.run(AWS_CLI, "aws", "s3", "mb", f"s3://{BUCKET}")
    alone.run(AWS_CLI, "aws", "s3", "cp", ROOT / "examples" / "iris.csv", f"s3://{BUCKET}/iris/iris.csv")
    made = aws("sagemaker", "create-hyper-parameter-tuning-job", "--cli-input-json", request(alone, JOB, 4))
    assert made["HyperParameterTuningJobArn"].endswith(f":hyper-parameter-tuning-job/{JOB}")
    return ended(aws, JOB)


def test_a_tuning_job_is_created_and_waited_for(tuned: dict[str, Any]) -> None:
    assert tuned["HyperParameterTuningJobStatus"] == "Completed"
    assert tuned["TrainingJobStatusCounters"]["Completed"] == 4


def test_training_jobs_are_listed_by_their_objective(tuned: dict[str, Any], aws: Aws) -> None:
    query = "TrainingJobSummaries[].FinalHyperParameterTuningJobObjectiveMetric.Value"
    words = ("list-training-jobs-for-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", JOB)

    values = aws(
        "sagemaker", *words, "--sort-by", "FinalObjectiveMetricValue", "--sort-order", "Ascending", "--query", query
    )

    assert len(values) == 4
    assert values == sorted(values)
    best = tuned["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
    assert values[0] == pytest.approx(best)


def test_pages_are_walked_to_the_last(tuned: dict[str, Any], aws: Aws) -> None:
    words = ("list-training-jobs-for-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", JOB)
    found = aws("sagemaker", *words, "--page-size", 1, "--query", "TrainingJobSummaries[].TrainingJobName")
    assert len(set(found)) == 4


def test_a_tuning_job_is_told_to_stop_and_both_are_listed(tuned: dict[str, Any], aws: Aws, alone: Alone) -> None:
    aws("sagemaker", "create-hyper-parameter-tuning-job", "--cli-input-json", request(alone, OTHER, 500))
    aws("sagemaker", "stop-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", OTHER)

    assert ended(aws, OTHER)["HyperParameterTuningJobStatus"] == "Stopped"
    listed = aws(
        "sagemaker", "list-hyper-parameter-tuning-jobs", "--name-contains", "cli-",
        "--sort-by", "CreationTime", "--sort-order", "Descending",
        "--query", "HyperParameterTuningJobSummaries[].[HyperParameterTuningJobName,HyperParameterTuningJobStatus]",
    )  # fmt: skip
    assert listed == [[OTHER, "Stopped"], [JOB, "Completed"]]


def test_tags_come_and_go(tuned: dict[str, Any], aws: Aws) -> None:
    arn = tuned["HyperParameterTuningJobArn"]
    aws("sagemaker", "add-tags", "--resource-arn", arn, "--tags", "Key=stage,Value=test")
    aws("sagemaker", "delete-tags", "--resource-arn", arn, "--tag-keys", "owner")
    assert aws("sagemaker", "list-tags", "--resource-arn", arn)["Tags"] == [{"Key": "stage", "Value": "test"}]


def test_the_log_of_the_best_training_job_is_read(tuned: dict[str, Any], aws: Aws) -> None:
    group, best = "/aws/sagemaker/TrainingJobs", tuned["BestTrainingJob"]["TrainingJobName"]
    streams = aws("logs", "describe-log-streams", "--log-group-name", group, "--log-stream-name-prefix", f"{best}/")
    (stream,) = [one["logStreamName"] for one in streams["logStreams"]]
    assert stream.startswith(f"{best}/algo-1-")

    events = aws("logs", "get-log-events", "--log-group-name", group, "--log-stream-name", stream, "--start-from-head")

    assert any(event["message"].startswith("mse: ") for event in events["events"])


def test_the_best_model_answers_behind_an_endpoint(
    tuned: dict[str, Any], alone: Alone, aws: Aws, tmp_path: Path
) -> None:
    best = tuned["BestTrainingJob"]["TrainingJobName"]
    artifact = aws("sagemaker", "describe-training-job", "--training-job-name", best)["ModelArtifacts"][
        "S3ModelArtifacts"
    ]
    name, variant = "cli-model", "VariantName=all,ModelName=cli-model,InitialInstanceCount=1,InstanceType=ml.m5.large"
    aws(
        "sagemaker", "create-model", "--model-name", name, "--execution-role-arn", alone.ready["training_role_arn"],
        "--primary-container", f"Image={alone.ready['image_uri']},ModelDataUrl={artifact}",
    )  # fmt: skip
    aws("sagemaker", "create-endpoint-config", "--endpoint-config-name", name, "--production-variants", variant)
    aws("sagemaker", "create-endpoint", "--endpoint-name", name, "--endpoint-config-name", name)
    until = time.monotonic() + 120
    while aws("sagemaker", "describe-endpoint", "--endpoint-name", name)["EndpointStatus"] == "Creating":
        assert time.monotonic() < until
        time.sleep(0.5)

    (tmp_path / "flower.csv").write_text("Sepal.Width,Petal.Length,Petal.Width,Species\n3.5,1.4,0.2,setosa\n")
    said = aws(
        "sagemaker-runtime", "invoke-endpoint", "--endpoint-name", name, "--content-type", "text/csv",
        "--accept", "text/csv", "--body", f"fileb://{tmp_path}/flower.csv", tmp_path / "answer.csv",
    )  # fmt: skip

    assert said["InvokedProductionVariant"] == "all"
    assert 4.5 < float((tmp_path / "answer.csv").read_text()) < 5.5  # iris's first flower, whose sepal is 5.1 long
    aws("sagemaker", "delete-endpoint", "--endpoint-name", name)
