"""The example image in a tuning job, and its best model behind an endpoint."""

from typing import Any

import pytest

from support.account import Account, eventually

TRAIN = "y,x,colour\n" + "".join(f"{x * x + (3 if x % 2 else 0)},{x},{'red' if x % 2 else 'blue'}\n" for x in range(30))


def definition(account: Account) -> dict[str, Any]:
    channel = {"S3DataType": "S3Prefix", "S3Uri": "s3://example/train/"}
    return {
        "AlgorithmSpecification": {
            "TrainingImage": account.aws.image_uri(),
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "mse", "Regex": r"mse: ([0-9\.]+)"}],
        },
        "RoleArn": account.aws.role_arn,
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": channel}}],
        "OutputDataConfig": {"S3OutputPath": "s3://example/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }


@pytest.fixture(scope="module")
def data(account: Account) -> None:
    account.s3.create_bucket(Bucket="example")
    account.s3.put_object(Bucket="example", Key="train/a.csv", Body=TRAIN.encode())


def ended(account: Account, name: str) -> dict[str, Any] | None:
    job: dict[str, Any] = account.sagemaker.describe_training_job(TrainingJobName=name)
    return None if job["TrainingJobStatus"] == "InProgress" else job


@pytest.mark.usefixtures("data")
def test_a_tuning_job_finds_its_best_model_and_an_endpoint_serves_it(account: Account) -> None:
    config = {
        "Strategy": "Random",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 2},
        "ParameterRanges": {
            "ContinuousParameterRanges": [
                {"Name": "alpha", "MinValue": "1e-6", "MaxValue": "1e-4", "ScalingType": "Logarithmic"}
            ]
        },
        "RandomSeed": 1,
    }
    training = {**definition(account), "StaticHyperParameters": {"target": "y", "gamma": "0.5"}}
    account.sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="tuned", HyperParameterTuningJobConfig=config, TrainingJobDefinition=training
    )

    job = eventually(lambda: tuned(account))

    assert job["TrainingJobStatusCounters"]["Completed"] == 3
    serve(account, job["BestTrainingJob"]["TrainingJobName"])
    answer = account.aws.client("sagemaker-runtime").invoke_endpoint(
        EndpointName="tuned", ContentType="text/csv", Body=b"colour,x\nred,10\nblue,10\n"
    )
    assert [float(line) for line in answer["Body"].read().split()] == pytest.approx([103, 100], abs=1)


def tuned(account: Account) -> dict[str, Any] | None:
    name = "tuned"
    job: dict[str, Any] = account.sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    return job if job["HyperParameterTuningJobStatus"] == "Completed" else None


def serve(account: Account, training_job: str) -> None:
    """Host its model as `tuned`, and wait until it is in service."""
    trained = account.sagemaker.describe_training_job(TrainingJobName=training_job)
    container = {"Image": account.aws.image_uri(), "ModelDataUrl": trained["ModelArtifacts"]["S3ModelArtifacts"]}
    variant = {"VariantName": "all", "ModelName": "tuned", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    account.sagemaker.create_model(ModelName="tuned", ExecutionRoleArn=account.aws.role_arn, PrimaryContainer=container)
    account.sagemaker.create_endpoint_config(EndpointConfigName="tuned", ProductionVariants=[variant])
    account.sagemaker.create_endpoint(EndpointName="tuned", EndpointConfigName="tuned")
    account.sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="tuned", WaiterConfig={"Delay": 1})


@pytest.mark.usefixtures("data")
def test_an_invalid_hyperparameter_is_the_failure_reason_of_the_training_job(account: Account) -> None:
    account.sagemaker.create_training_job(
        TrainingJobName="wrong", HyperParameters={"gamma": "wide"}, **definition(account)
    )

    job = eventually(lambda: ended(account, "wrong"))

    reason = "AlgorithmError: gamma must be a number from 1e-9 to 1e9, not 'wide', exit code: 1"
    assert (job["TrainingJobStatus"], job["FailureReason"]) == ("Failed", reason)
