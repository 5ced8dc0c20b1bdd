"""Everything that belongs to a stack: what CloudFormation deletes with it, and the data that stay unless requested."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from cli.deploy import retained_resources
from cli.deploy.retained_resources import Tagged
from cli.deploy.stack_state import StackState, WatchedStack
from cli.logs.training_job import GROUP as TRAINING_LOGS
from cli.logs.training_job import streams
from cli.target.parts import Part, parts_of

Client = Callable[[str], Any]
_JOBS = ("hyper-parameter-tuning-job/", "training-job/")
"""SageMaker keeps the records of ended jobs with their tags; they cannot be deleted, and cost nothing."""
_KINDS = {"AWS::S3::Bucket": "s3", "AWS::DynamoDB::Table": "dynamodb", "AWS::ECR::Repository": "ecr"}


@dataclass(frozen=True)
class Data:
    """Something that outlives the stack. `kind` is bucket, ledger, images, models, logs or log group."""

    kind: str
    name: str
    about: str = ""


@dataclass(frozen=True)
class Inventory:
    """`removed` is deleted with the stack. `others` carry its tag but are neither its resources nor its data: a person
    must decide. `foreign_bucket` existed before the stack and is never touched. `prefix` is None if it is unknown."""

    stack: str
    state: StackState
    prefix: str | None
    removed: tuple[Part, ...]
    data: tuple[Data, ...]
    others: tuple[str, ...]
    foreign_bucket: str | None

    @property
    def has_stack(self) -> bool:
        return self.state.id is not None

    @property
    def is_empty(self) -> bool:
        return not (self.has_stack or self.data or self.others)


def inventory(stack: WatchedStack) -> Inventory:
    """Find everything, and change nothing."""
    client, state = stack.client, stack.reload()
    resources = parts_of(stack.cloudformation, state.id) if state.id else ()
    tagged = [one for one in retained_resources.tagged(client, stack.name) if not one.name.startswith(_JOBS)]
    retained = _retained(stack.cloudformation, state) if state.id else set()
    stays = {(_KINDS[one.type], one.id) for one in resources if one.name in retained and one.type in _KINDS}
    names = sorted(stays | {(one.service, one.name) for one in tagged if retained_resources.parameter_of(one)})
    prefix = state.parameters.get("Prefix") or _prefix_of(names)
    data = [*_own(client, names), *(_named(client, prefix) if prefix else ()), *_log_groups(tagged, resources)]
    existing = state.parameters.get("ExistingBucket") or None
    return Inventory(
        stack.name,
        state,
        prefix,
        tuple(one for one in resources if one.name not in retained),
        tuple(data),
        tuple(one.arn for one in tagged if _is_other(one, resources, names)),
        existing if ("s3", existing) not in names else None,
    )


def _retained(cloudformation: Any, state: StackState) -> set[str]:
    try:
        template = cloudformation.get_template(StackName=state.id)["TemplateBody"]
    except ClientError:  # a stack under review has none yet
        return set()
    return {name for name, one in template["Resources"].items() if one.get("DeletionPolicy", "Delete") != "Delete"}


def _prefix_of(names: list[tuple[str, str]]) -> str | None:
    repositories = [name for service, name in names if service == "ecr"]
    return repositories[0].partition("-")[0] if repositories else None


def _own(client: Client, names: list[tuple[str, str]]) -> Iterator[Data]:
    for service, name in names:
        if service == "s3":
            listed = client("s3").list_object_versions(Bucket=name, MaxKeys=1000)
            versions = len(listed.get("Versions", ())) + len(listed.get("DeleteMarkers", ()))
            yield Data("bucket", name, f"{versions}{' or more' if listed['IsTruncated'] else ''} object versions")
        elif service == "dynamodb":
            counted = client("dynamodb").scan(TableName=name, Select="COUNT")
            yield Data("ledger", name, f"{counted['Count']}{' or more' if 'LastEvaluatedKey' in counted else ''} items")
        else:
            pages = client("ecr").get_paginator("describe_images").paginate(repositoryName=name)
            yield Data("images", name, f"{sum(len(page['imageDetails']) for page in pages)} images")


def _named(client: Client, prefix: str) -> Iterator[Data]:
    """What the app and its jobs create without CloudFormation, found by its name."""
    groups = client("sagemaker").get_paginator("list_model_package_groups").paginate(NameContains=f"{prefix}-")
    for one in (one for page in groups for one in page["ModelPackageGroupSummaryList"]):
        if one["ModelPackageGroupName"].startswith(f"{prefix}-"):
            yield Data("models", one["ModelPackageGroupName"], "a model package group")
    if found := streams(client("logs"), f"{prefix}-"):
        yield Data("logs", f"{TRAINING_LOGS}/{prefix}-*", f"{len(found)} log streams of training jobs")


def _log_groups(tagged: list[Tagged], resources: tuple[Part, ...]) -> Iterator[Data]:
    ids = {one.id for one in resources}
    for one in tagged:
        name = one.name.removeprefix("log-group:").removesuffix(":*")
        if one.service == "logs" and name not in ids:
            yield Data("log group", name)


def _is_other(one: Tagged, resources: tuple[Part, ...], names: list[tuple[str, str]]) -> bool:
    is_data = (one.service, one.name) in names or one.service == "logs"
    is_resource = any(found.id and (found.id == one.arn or one.arn.endswith(found.id)) for found in resources)
    return not (is_data or is_resource or one.service == "cloudformation")
