"""What the stack alone decides reaches the tuning job, and makes no other tuning job of it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from chalicelib.decision import Nothing
from chalicelib.settings import Placement
from tests.support.pipeline.steps import finish_the_tuning_job
from tests.support.pipeline.world import World

KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CONFINED = Placement("arn:aws:iam::123456789012:role/training", KEY, ("subnet-1a",), ("sg-1a",))
RESOURCES = Path(__file__).parents[2] / "infra" / "resources.json"


def test_another_key_network_or_default_of_spot_tunes_nothing_again(world: World) -> None:
    world.upload_iris()
    world.settle()
    finish_the_tuning_job(world)
    world.settings = replace(world.settings, placement=CONFINED, spot=True)

    decision = world.settle()

    assert isinstance(decision, Nothing) and "already tuned" in decision.reason
    assert len(world.sagemaker.requests) == 1


def test_the_stacks_key_and_network_are_in_the_request(world: World) -> None:
    world.settings = replace(world.settings, placement=CONFINED)
    world.upload_iris()
    world.settle()

    (request,) = world.sagemaker.requests

    assert request["TrainingJobDefinition"]["VpcConfig"] == {"SecurityGroupIds": ["sg-1a"], "Subnets": ["subnet-1a"]}
    assert request["TrainingJobDefinition"]["OutputDataConfig"]["KmsKeyId"] == KEY


def test_a_spec_that_does_not_say_is_trained_on_spot_where_the_stack_says_so(world: World) -> None:
    world.settings = replace(world.settings, spot=True)
    world.upload_iris()
    world.upload("tuning.json", '{"target": "Sepal.Length", "max_runtime_s": 600}')
    world.settle()

    (request,) = world.sagemaker.requests

    assert request["TrainingJobDefinition"]["EnableManagedSpotTraining"] is True
    # Twice the run time, for waiting: 2 × 600 s.
    assert request["TrainingJobDefinition"]["StoppingCondition"]["MaxWaitTimeInSeconds"] == 1200
    assert world.json(f"tuning/iris/{request['HyperParameterTuningJobName']}/manifest.json")["spec"]["spot"] is True


def test_a_spec_that_says_so_is_trained_on_demand(world: World) -> None:
    world.settings = replace(world.settings, spot=True)
    world.upload_iris()
    world.upload("tuning.json", '{"target": "Sepal.Length", "spot": false}')
    world.settle()

    (request,) = world.sagemaker.requests

    assert "EnableManagedSpotTraining" not in request["TrainingJobDefinition"]


def test_the_lifecycle_knows_snapshots_and_nothing_else(world: World) -> None:
    template = json.loads(RESOURCES.read_text())
    rules = template["Resources"]["Data"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (expiring,) = [rule for rule in rules if "ExpirationInDays" in rule]

    world.upload_iris()
    world.settle()

    tags = {key: tags_of(world, key) for key in keys(world)}
    tagged = {key for key, found in tags.items() if found == expiring["TagFilters"]}
    assert tagged == {key for key in tags if "/data/" in key} != set()
    assert all(key.startswith(expiring["Prefix"]) for key in tagged)
    assert all(found == [] for key, found in tags.items() if key not in tagged)


def test_a_bucket_under_a_customer_key_has_its_snapshots_under_it_too(world: World) -> None:
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    rules = [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}]
    world.s3.put_bucket_encryption(Bucket="data", ServerSideEncryptionConfiguration={"Rules": rules})

    world.upload_iris()
    world.settle()

    (snapshot,) = [key for key in keys(world) if "/data/" in key]
    assert world.s3.head_object(Bucket="data", Key=snapshot)["ServerSideEncryption"] == "aws:kms"


def keys(world: World) -> list[str]:
    return [found["Key"] for found in world.s3.list_objects_v2(Bucket="data")["Contents"]]


def tags_of(world: World, key: str) -> Any:
    return world.s3.get_object_tagging(Bucket="data", Key=key)["TagSet"]
