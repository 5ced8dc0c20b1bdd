"""The doctor and a stack that is really deployed, in the local AWS."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cli.doctor.finding import Finding
from cli.doctor.stack import stack
from cli.local.stack import running_stack
from cli.target.parts import parts_of
from tests.support.local.deployed import Deployed


@pytest.fixture(scope="module")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """One that ends with this file: other files of this process have their own."""
    with running_stack(tmp_path_factory.mktemp("local-aws"), parameters={}) as running:
        yield Deployed(running)


def looked_at(local_aws: Deployed) -> dict[str, Finding]:
    return {finding.name: finding for finding in stack(local_aws.stack.target)}


@contextmanager
def deaf_bucket(local_aws: Deployed) -> Iterator[None]:
    s3, name = local_aws.client("s3"), local_aws.stack.bucket_name
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={})
    yield
    on = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=on)


@contextmanager
def dead_letter(local_aws: Deployed) -> Iterator[None]:
    sqs, parts = local_aws.client("sqs"), parts_of(local_aws.client("cloudformation"), "retune")
    url = next(part.id for part in parts if part.name == "UploadsDlq")
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    yield
    sqs.purge_queue(QueueUrl=url)


@contextmanager
def powerless_role(local_aws: Deployed) -> Iterator[None]:
    iam, role = local_aws.client("iam"), local_aws.stack.training_role_arn.rpartition("/")[2]
    kept = iam.get_role_policy(RoleName=role, PolicyName="own")["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName="own")
    yield
    iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=json.dumps(kept))


def test_a_stack_fresh_from_the_template_is_in_good_health(local_aws: Deployed) -> None:
    found = looked_at(local_aws)

    assert [finding for finding in found.values() if finding.ok is False] == []
    assert {name for name, finding in found.items() if finding.ok} >= {
        "stack",
        "bucket",
        "UploadsDlq",
        "EventsDlq",
        "training role",
        "image",
        "image manifest",
    }


def test_each_thing_that_is_spoilt_is_found_and_only_that(local_aws: Deployed) -> None:
    for spoil, name in ((deaf_bucket, "bucket"), (dead_letter, "UploadsDlq"), (powerless_role, "training role")):
        with spoil(local_aws):
            ill = [finding.name for finding in looked_at(local_aws).values() if finding.ok is False]
        assert ill == [name]
    assert all(finding.ok is not False for finding in looked_at(local_aws).values())
