"""What people and SageMaker do to the world in several steps, and what people read."""

import json

from tests.support.pipeline.world import IRIS, SETTLE_S, World

CHANGED = IRIS.replace(b"5.1,3.5", b"5.2,3.5")


def play(world: World, change_after_crash: bool = False) -> None:
    """One whole life of a dataset: uploaded, tuned, ended; killed once where `kill_at` says, then healed."""
    world.upload_iris()
    world.survive(world.reconcile)
    world.now += SETTLE_S
    world.survive(world.reconcile)
    if change_after_crash:
        world.upload("train/iris.csv", CHANGED)
    world.heal()
    for _ in range(2):
        for name, job in list(world.sagemaker.jobs.items()):
            if job["status"] == "InProgress":
                world.sagemaker.end(name)
                world.survive(lambda name=name: world.pipeline().conclude(name))  # type: ignore[misc]
        world.heal()


def finish_the_tuning_job(world: World) -> None:
    name = list(world.sagemaker.jobs)[-1]
    world.sagemaker.end(name)
    world.conclude(name)


def upload_by_parts(world: World, key: str, parts: list[bytes]) -> None:
    """moto refuses parts under 5 MB, so a metadata change stands for what another part size does: a new ETag."""
    world.s3.put_object(Bucket="data", Key=key, Body=b"".join(parts))
    from moto.s3.models import s3_backends

    s3_backends["123456789012"]["aws"].buckets["data"].keys[key]._etag = "0123456789abcdef-2"


def wipe_the_ledger(world: World) -> None:
    for item in world.dynamodb.scan(TableName="ledger")["Items"]:
        world.dynamodb.delete_item(TableName="ledger", Key={"pk": item["pk"], "sk": item["sk"]})


def bodies(world: World) -> list[str]:
    """Of the mails so far, each in one line."""
    return [" ".join(json.loads(said["Message"])["default"].split()) for said in world.topic.published]
