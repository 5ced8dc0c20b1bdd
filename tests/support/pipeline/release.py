"""A world that goes on where an earlier release left it."""

import json
from pathlib import Path
from typing import Any

from tests.support.pipeline.fake_sagemaker import client_error
from tests.support.pipeline.world import World

RECORDED = Path(__file__).parents[2] / "recorded"
QUOTA = (
    "The account-level service limit 'ml.m5.large for training job usage' is 1 Instances,"
    " with current utilization of 1 Instances."
)


def left_by(release: str, world: World) -> list[str]:
    """Fill a fresh world with what this release left; the names of its datasets.

    There was no training image any more, and an account quota was used up."""
    left: dict[str, Any] = json.loads((RECORDED / release / "ledger.json").read_text())
    world.now = left["now"]
    for key, one in left["objects"].items():
        world.s3.put_object(Bucket="data", Key=key, Body=one["body"].encode(), ContentType=one["type"])
    for item in left["items"]:
        world.dynamodb.put_item(TableName="ledger", Item=item)
    world.sagemaker.jobs = left["jobs"]
    world.sagemaker.model_packages = left["model_packages"]
    world.sagemaker.groups = set(left["groups"])
    world.sagemaker.refuse_with = client_error("ResourceLimitExceeded", QUOTA)
    world.queue.messages = [(at, dataset) for at, dataset in left["queue"]]
    world.delete_image("20260101T000000Z-aaaaaaa")
    return sorted({str(item["dataset"]["S"]) for item in left["items"] if "dataset" in item})
