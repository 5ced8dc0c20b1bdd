"""A world for the pipeline: moto's S3, DynamoDB and ECR, a queue, a topic and a SageMaker with memory, a clock that
stands still, and a switch that kills the Lambda at any of its effects."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws

from chalicelib import wiring
from chalicelib.aws.image_ledger import ImageLedger
from chalicelib.aws.ledger import Ledger
from chalicelib.decision import Decision
from chalicelib.pipeline import Pipeline
from chalicelib.settings import Ceilings, Placement, Settings
from tests.support.pipeline.fake_messaging import FakeQueue, FakeTopic
from tests.support.pipeline.fake_sagemaker import FakeSageMaker
from tests.support.pipeline.faults import Guarded, Killed, StrictCopies
from tests.support.pipeline.memory import MemoryDynamoDB, MemoryEcr, MemoryS3

ROOT = Path(__file__).parents[3]
IRIS = (ROOT / "examples" / "iris.csv").read_bytes()
LEDGER = json.loads((ROOT / "infra" / "resources.json").read_text())["Resources"]["Ledger"]["Properties"]
"""As the stack has it."""
LEDGER_S_SHAPE = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
SETTLE_S = 60.0
LEASE_S = 300.0
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@cache
def _client(service: str) -> Any:
    """One for all worlds: to make it takes longer than to look at a dataset."""
    return boto3.client(service, "us-east-1")


class World:
    """One stack. `effects` counts what the Lambdas wrote or sent."""

    def __init__(self, s3: Any = None, dynamodb: Any = None, ecr: Any = None) -> None:
        self.now = 1_800_000_000.0
        self.effects: list[str] = []
        self.kill_at: tuple[int, str] | None = None
        self.before_copy: Callable[[], object] | None = None
        self.settings = settings()
        self.sagemaker = FakeSageMaker()
        self.queue = FakeQueue(lambda: self.now)
        self.topic = FakeTopic()
        self.s3 = s3 or _client("s3")
        self.dynamodb = dynamodb or _client("dynamodb")
        self.ecr = ecr or _client("ecr")
        self.logs = _client("logs")
        self.image = self._create()
        self.ledger = Ledger(self.dynamodb, "ledger")
        self.pins = ImageLedger(self.dynamodb, "ledger")

    def _create(self) -> str:
        """The image that is there from the beginning."""
        self.s3.create_bucket(Bucket="data")
        self.dynamodb.create_table(TableName="ledger", **{name: LEDGER[name] for name in LEDGER_S_SHAPE})
        self.ecr.create_repository(repositoryName="retune-mars")
        return self.push_image("20260101T000000Z-aaaaaaa")

    def push_image(self, tag: str, manifest_type: str = DOCKER_MANIFEST) -> str:
        """The image's URI by digest, as SageMaker gets it."""
        config = {"digest": f"sha256:{tag}"}
        content = json.dumps({"schemaVersion": 2, "mediaType": manifest_type, "config": config, "layers": []})
        digest = f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"
        where = {"repositoryName": "retune-mars", "imageTag": tag, "imageDigest": digest}
        self.ecr.put_image(**where, imageManifest=content, imageManifestMediaType=manifest_type)
        return f"123456789012.dkr.ecr.us-east-1.amazonaws.com/retune-mars@{digest}"

    def delete_image(self, tag: str) -> None:
        self.ecr.batch_delete_image(repositoryName="retune-mars", imageIds=[{"imageTag": tag}])

    # What people do

    def upload(self, path: str, body: bytes | str, dataset: str = "iris") -> None:
        data = body.encode() if isinstance(body, str) else body
        self.s3.put_object(Bucket="data", Key=f"datasets/{dataset}/{path}", Body=data)

    def remove(self, path: str, dataset: str = "iris") -> None:
        self.s3.delete_object(Bucket="data", Key=f"datasets/{dataset}/{path}")

    def upload_iris(self) -> None:
        self.upload("train/iris.csv", IRIS)
        self.upload("tuning.json", '{"target": "Sepal.Length"}')

    # What Lambda does

    def pipeline(self) -> Pipeline:
        clients = {
            "s3": Guarded(StrictCopies(self.s3, self._just_before_a_copy), self.guard),
            "dynamodb": Guarded(self.dynamodb, self.guard),
            "sagemaker": Guarded(self.sagemaker, self.guard),
            "sqs": Guarded(self.queue, self.guard),
            "sns": Guarded(self.topic, self.guard),
            "ecr": self.ecr,
            "logs": self.logs,
        }
        built = wiring.build(self.settings, clients, deadline=self.now + LEASE_S)
        clock = lambda: self.now  # noqa: E731
        return replace(
            built,
            now=clock,
            note=lambda what, **facts: None,
            image=replace(built.image, now=clock),
            purchase=replace(built.purchase, now=clock),
            conclusion=replace(built.conclusion, now=clock),
        )

    def reconcile(self, dataset: str = "iris") -> Decision:
        return self.pipeline().reconcile(dataset)

    def conclude(self, tuning_job: str) -> None:
        """SageMaker's event, and the messages that it leads to."""
        self.pipeline().conclude(tuning_job)
        for dataset in dict.fromkeys(self.queue.receive()):
            self.reconcile(dataset)

    def settle(self, dataset: str = "iris") -> Decision:
        """Look, let the settle time pass, look again."""
        self.reconcile(dataset)
        self.now += SETTLE_S
        return self.reconcile(dataset)

    def heal(self) -> None:
        """What happens by itself after a crash: leases and claims expire, sweeps run, their messages arrive."""
        for _ in range(4):
            self.now += 900.0
            self.survive(lambda: self.pipeline().sweep())
            for dataset in dict.fromkeys(self.queue.receive()):
                self.survive(lambda dataset=dataset: self.reconcile(dataset))  # type: ignore[misc]

    def survive(self, act: Callable[[], object]) -> None:
        """Let a Lambda act; when it is killed, that was the one crash of this world."""
        try:
            act()
        except Killed:
            self.kill_at = None

    # Faults

    def guard(self, call: Any, name: str) -> Any:
        def guarded(**arguments: Any) -> Any:
            number = len(self.effects)
            if self.kill_at == (number, "before"):
                raise Killed
            self.effects.append(name)
            answer = call(**arguments)
            if self.kill_at == (number, "after"):
                raise Killed
            return answer

        return guarded

    def _just_before_a_copy(self) -> None:
        if self.before_copy:
            self.before_copy()

    def json(self, key: str) -> Any:
        return json.loads(self.s3.get_object(Bucket="data", Key=key)["Body"].read())

    def overview(self) -> str:
        body: bytes = self.s3.get_object(Bucket="data", Key="tuning/index.html")["Body"].read()
        return body.decode()

    def record(self, tuning_job: str, dataset: str = "iris") -> Any:
        return self.json(f"tuning/{dataset}/{tuning_job}/record.json")


def settings() -> Settings:
    ceilings = Ceilings(
        max_jobs=100,
        max_parallel_jobs=10,
        max_runtime_s=86400,
        instance_types=("ml.m5.large",),
        max_cost_usd=50.0,
    )
    return Settings(
        region="us-east-1",
        stack="retune-test",
        prefix="retune",
        bucket="data",
        table="ledger",
        topic_arn="arn:aws:sns:us-east-1:123456789012:topic",
        queue_url="queue",
        image_repository="retune-mars",
        settle_s=SETTLE_S,
        max_open_jobs=10,
        ceilings=ceilings,
        placement=Placement("arn:aws:iam::123456789012:role/training"),
    )


@contextmanager
def a_world() -> Iterator[World]:
    with mock_aws():
        yield World()


def a_world_in_memory() -> World:
    """The same without moto, for the tests that need hundreds of worlds."""
    return World(MemoryS3(), MemoryDynamoDB(), MemoryEcr())
