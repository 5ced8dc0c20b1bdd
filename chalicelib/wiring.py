"""The only place that builds clients: the environment goes in, a pipeline comes out."""

import gc
import os
import time
import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from botocore.config import Config
from chalice import Chalice, ConvertToMiddleware

from chalicelib.aws.bucket import Bucket
from chalicelib.aws.build_log import BuildLog
from chalicelib.aws.image_ledger import ImageLedger
from chalicelib.aws.images import Images
from chalicelib.aws.ledger import Ledger
from chalicelib.aws.queue import Queue
from chalicelib.aws.registry import Registry
from chalicelib.aws.sagemaker import SageMaker
from chalicelib.aws.topic import Topic
from chalicelib.conclusion import Conclusion, Overview
from chalicelib.pipeline import Pipeline
from chalicelib.purchase import Purchase
from chalicelib.settings import Settings
from chalicelib.training_image import TrainingImage

SERVICE = "retune-lambdas"
"""Must differ from the Chalice app's name, whose logger Chalice sets to ERROR."""

SERVICES = ("s3", "dynamodb", "sagemaker", "sns", "sqs", "ecr", "logs")

# A cold start makes objects that stay, most of them boto3's models: looking for garbage among them after every 700, as
# Python does unless told otherwise, is for nothing.
gc.set_threshold(100_000)

logger = Logger(service=SERVICE)
metrics = Metrics(namespace="Retune", service=SERVICE)


def observe(app: Chalice) -> None:
    """Structured logs and metrics round every handler."""
    app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context))
    app.register_middleware(ConvertToMiddleware(metrics.log_metrics))


def pipeline(context: Any) -> Pipeline:
    """The pipeline for one invocation: its lease ends when Lambda will have killed it."""
    deadline = time.time() + context.get_remaining_time_in_millis() / 1000
    return build(_settings(), {service: _OnFirstUse(service) for service in SERVICES}, deadline)


def reconcile_batch(context: Any, datasets: Mapping[str, str | None]) -> dict[str, list[dict[str, str]]]:
    """Reconcile the datasets of a batch; the answer names the messages that SQS must bring again."""
    return reconcile_each(pipeline(context).reconcile, datasets, _log_failure)


def reconcile_each(
    reconcile: Callable[[str], Any], datasets: Mapping[str, str | None], failed: Callable[[str], None]
) -> dict[str, list[dict[str, str]]]:
    """Reconcile each dataset once, so that a poisoned one does not hold up the others; answer which messages SQS must
    bring again.

    `datasets` are by message id. `failed` is told of each dataset that raised, inside the `except`."""
    again: set[str] = set()
    for dataset in dict.fromkeys(name for name in datasets.values() if name):
        try:
            reconcile(dataset)
        except Exception:  # noqa: BLE001 - the edge: the message comes again, then goes to the dead letters
            failed(dataset)
            again.add(dataset)
    failures = [message for message, dataset in datasets.items() if dataset in again]
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failures]}


def build(settings: Settings, clients: Mapping[str, Any], deadline: float) -> Pipeline:
    """Put the parts together. `clients` are boto3's, by service name."""
    bucket = Bucket(clients["s3"], settings.bucket)
    ledger = Ledger(clients["dynamodb"], settings.table)
    sagemaker = SageMaker(clients["sagemaker"])
    topic = Topic(clients["sns"], settings.topic_arn)
    queue = Queue(clients["sqs"], settings.queue_url)
    owner = uuid.uuid4().hex
    return Pipeline(
        settings=settings,
        bucket=bucket,
        ledger=ledger,
        sagemaker=sagemaker,
        queue=queue,
        topic=topic,
        image=TrainingImage(
            images=Images(clients["ecr"], settings.image_repository),
            pins=ImageLedger(clients["dynamodb"], settings.table),
            bucket=bucket,
            queue=queue,
            log=BuildLog(clients["logs"]),
            ledger=ledger,
            topic=topic,
            now=time.time,
        ),
        purchase=Purchase(bucket, ledger, sagemaker, settings, time.time, owner, deadline),
        conclusion=Conclusion(
            bucket=bucket,
            ledger=ledger,
            sagemaker=sagemaker,
            topic=topic,
            registry=Registry(clients["sagemaker"]),
            overview=Overview(bucket, ledger),
            settings=settings,
            now=time.time,
        ),
        now=time.time,
        note=note,
    )


def note(what: str, **facts: Any) -> None:
    """One log line and one count for something that the pipeline did."""
    logger.info(what, **facts)
    metrics.add_metric(name=what, unit=MetricUnit.Count, value=1)


def _log_failure(dataset: str) -> None:
    logger.exception("reconciling failed", dataset=dataset)


@cache
def _settings() -> Settings:
    return Settings.from_environment(os.environ)


@cache
def _client(service: str) -> Any:
    return boto3.client(service, config=Config(retries={"mode": "standard", "max_attempts": 5}))


class _OnFirstUse:
    """A boto3 client that is made when something is first asked of it: making one takes up to 60 ms of a cold start,
    and hardly an invocation needs all of them."""

    def __init__(self, service: str):
        self._service = service

    def __getattr__(self, name: str) -> Any:
        return getattr(_client(self._service), name)
