"""The classic notebook with the repository's own container: train, deploy, predict, transform, over boto3."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import eventually
from support.hosting_world import VARIANT
from support.sagemaker_world import ROLE, channel
from tests.support.container.process import HEADER, IRIS, ROOT, ROWS

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mars:1"
FEATURES = "\n".join(row.partition(",")[2] for row in (HEADER, ROWS[0], ROWS[60]))
"""A header and two rows, without the target, which is the first column."""


class Notebook:
    """Clients, and a bucket with the data."""

    def __init__(self, aws: LocalSageMaker):
        names = ("s3", "sagemaker", "sagemaker-runtime")
        self.s3, self.sagemaker, self.runtime = (client(name, aws.endpoint_url, aws.region) for name in names)
        self.s3.create_bucket(Bucket="data")

    def trained(self) -> str:
        """The artifact's URI."""
        self.s3.put_object(Bucket="data", Key="train/iris.csv", Body=IRIS)
        self.sagemaker.create_training_job(
            TrainingJobName="j",
            AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            RoleArn=ROLE,
            HyperParameters={"target": "Sepal.Length"},
            InputDataConfig=[channel("train", "s3://data/train/")],
            OutputDataConfig={"S3OutputPath": "s3://data/output"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
            StoppingCondition={"MaxRuntimeInSeconds": 300},
        )
        return str(self._ended("training_job")["ModelArtifacts"]["S3ModelArtifacts"])

    def deployed(self) -> None:
        container = {"Image": IMAGE, "ModelDataUrl": self.trained()}
        self.sagemaker.create_model(ModelName="j", PrimaryContainer=container, ExecutionRoleArn=ROLE)
        variants = [{"VariantName": "AllTraffic", "ModelName": "j", **VARIANT}]
        self.sagemaker.create_endpoint_config(EndpointConfigName="j", ProductionVariants=variants)
        self.sagemaker.create_endpoint(EndpointName="j", EndpointConfigName="j")
        self.sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="j", WaiterConfig={"Delay": 1})

    def transformed(self, text: str) -> str:
        """What batch transform stores of an object with that text."""
        self.s3.put_object(Bucket="data", Key="in/rows.csv", Body=text)
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://data/in/"}}
        self.sagemaker.create_transform_job(
            TransformJobName="j",
            ModelName="j",
            TransformInput={"DataSource": source, "ContentType": "text/csv"},
            TransformOutput={"S3OutputPath": "s3://data/out", "Accept": "text/csv"},
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
        )
        self._ended("transform_job")
        return str(self.s3.get_object(Bucket="data", Key="out/rows.csv.out")["Body"].read().decode())

    def _ended(self, kind: str) -> Any:
        describe = getattr(self.sagemaker, f"describe_{kind}")
        name = "".join(word.title() for word in kind.split("_"))

        def look() -> Any:
            described = describe(**{f"{name}Name": "j"})
            assert described[f"{name}Status"] != "Failed", described["FailureReason"]
            return described if described[f"{name}Status"] == "Completed" else None

        return eventually(look, timeout_s=120)


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    with LocalSageMaker(tmp_path, images={"mars": ROOT / "container"}) as aws:
        yield Notebook(aws)


def test_the_endpoint_and_batch_transform_predict_the_same(notebook: Notebook) -> None:
    notebook.deployed()

    answer = notebook.runtime.invoke_endpoint(
        EndpointName="j", Body=FEATURES, ContentType="text/csv", Accept="text/csv"
    )
    predicted = answer["Body"].read().decode()
    transformed = notebook.transformed(FEATURES)

    assert predicted == transformed
    first, second = (float(line) for line in predicted.splitlines())
    lengths = [float(row.partition(",")[0]) for row in (ROWS[0], ROWS[60])]
    assert abs(first - lengths[0]) < 1 and abs(second - lengths[1]) < 1  # of 4.3 to 7.9 in the data
    notebook.sagemaker.delete_endpoint(EndpointName="j")
    notebook.sagemaker.get_waiter("endpoint_deleted").wait(EndpointName="j", WaiterConfig={"Delay": 1})
