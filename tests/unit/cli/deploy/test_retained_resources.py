"""What earlier stacks left is found by its tag."""

from collections.abc import Callable
from functools import partial
from typing import Any

import boto3
import pytest

from cli.deploy.retained_resources import PrefixTaken, SeveralKept, Tagged, found, must_be_free, parameter_of

Client = Callable[[str], Any]


@pytest.fixture
def client(in_moto: None) -> Client:
    return partial(boto3.client, region_name="us-east-1")


def bucket(client: Client, name: str, stack: str) -> None:
    client("s3").create_bucket(Bucket=name)
    client("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "retune:stack", "Value": stack}]})


def test_the_bucket_and_the_ledger_of_this_very_stack_are_found(client: Client) -> None:
    bucket(client, "mine", "retune")
    bucket(client, "other", "retune2")
    client("s3").create_bucket(Bucket="untagged")
    client("dynamodb").create_table(
        TableName="ledger",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": "retune:stack", "Value": "retune"}],
    )

    assert found(client, "retune") == {"ExistingBucket": "mine", "ExistingTable": "ledger"}
    assert found(client, "nobody") == {}


def test_of_several_a_person_must_choose(client: Client) -> None:
    bucket(client, "first", "retune")
    bucket(client, "second", "retune")

    with pytest.raises(SeveralKept, match="--set ExistingBucket=first or --set ExistingBucket=second"):
        found(client, "retune")


def test_what_the_index_still_names_although_it_is_gone_is_left_out(client: Client) -> None:
    class Index:
        def get_paginator(self, _: str) -> "Index":
            return self

        def paginate(self, **_: Any) -> list[dict[str, Any]]:
            arns = (
                "arn:aws:s3:::gone",
                "arn:aws:dynamodb:us-east-1:1:table/gone",
                "arn:aws:ecr:us-east-1:1:repository/gone",
            )
            return [{"ResourceTagMappingList": [{"ResourceARN": arn} for arn in arns]}]

    index = Index()

    assert found(lambda service: index if service == "resourcegroupstaggingapi" else client(service), "retune") == {}


def test_the_prefix_of_a_kept_repository_is_the_prefix_again(client: Client) -> None:
    class Index:
        def get_paginator(self, _: str) -> "Index":
            return self

        def paginate(self, **_: Any) -> list[dict[str, Any]]:
            return [{"ResourceTagMappingList": [{"ResourceARN": "arn:aws:ecr:us-east-1:1:repository/second-mars"}]}]

    client("ecr").create_repository(repositoryName="second-mars")
    index = Index()

    assert found(lambda service: index if service == "resourcegroupstaggingapi" else client(service), "second") == {
        "ExistingImageRepository": "second-mars",
        "Prefix": "second",
    }


def test_a_prefix_whose_repository_is_there_is_taken(client: Client) -> None:
    client("ecr").create_repository(repositoryName="retune-mars")

    must_be_free(client, "other")
    with pytest.raises(PrefixTaken, match="--set ExistingImageRepository=retune-mars"):
        must_be_free(client, "retune")


@pytest.mark.parametrize(
    ("arn", "name", "parameter"),
    [
        ("arn:aws:s3:::data", "data", "ExistingBucket"),
        ("arn:aws-cn:dynamodb:cn-north-1:1:table/t-1", "t-1", "ExistingTable"),
        ("arn:aws:ecr:us-east-1:1:repository/r-mars", "r-mars", "ExistingImageRepository"),
        ("arn:aws:sqs:us-east-1:1:queue", "queue", None),
        ("arn:aws:dynamodb:us-east-1:1:table/t/index/due", "t/index/due", None),
    ],
)
def test_an_arn_tells_what_takes_it(arn: str, name: str, parameter: str | None) -> None:
    assert Tagged(arn).name == name
    assert parameter_of(Tagged(arn)) == parameter
