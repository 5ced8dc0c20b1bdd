"""The bucket, the ledger, the repository and the key: what holds data, and what outlives the stack."""

import json
from typing import Any

import pytest

from cli.paths import ROOT
from tests.support.infra.stack_variants import ACCOUNT, KEPT, KEY, VARIANTS, references, stack, statements

MADE = {"Data": "ExistingBucket", "Ledger": "ExistingTable", "Image": "ExistingImageRepository"}
KEEPS_KEY_ITSELF = {
    "AWS::Logs::LogGroup": "logs.REGION.URL_SUFFIX",
    "AWS::SNS::Topic": "cloudwatch.amazonaws.com",
}
"""What is under the key and is written to by a service, not by a role: that service needs the key."""
ROLES_USE_KEY = {"AWS::S3::Bucket", "AWS::DynamoDB::Table"}
TRAINING_ROLE = {"AWS::IAM::Role", "AWS::Lambda::Function"}
"""They name the key to use it, or to have training jobs use it."""


def test_what_cannot_be_made_again_outlives_the_stack(plain: dict[str, Any]) -> None:
    for name in MADE:
        resource = plain["Resources"][name]
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
        assert {"Key": "retune:stack", "Value": {"Ref": "AWS::StackName"}} in resource["Properties"]["Tags"]


def test_a_kept_bucket_keeps_its_policy_too(plain: dict[str, Any]) -> None:
    assert plain["Resources"]["DataPolicy"]["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("variant", ["existing bucket", "existing table", "existing repository", "all kept"])
def test_what_is_there_is_used_and_not_touched(plain: dict[str, Any], variant: str) -> None:
    resources = stack(plain, variant)
    environment = resources["Sweep"]["Properties"]["Environment"]["Variables"]
    variables = {"Data": "RETUNE_BUCKET", "Ledger": "RETUNE_TABLE", "Image": "RETUNE_IMAGE_REPOSITORY"}

    for name, parameter in MADE.items():
        there = VARIANTS[variant].get(parameter)
        assert (name in resources) is (there is None)
        assert environment[variables[name]] == (there or {"Ref": name})


def test_roles_reach_what_is_there_by_its_name(plain: dict[str, Any]) -> None:
    resources = json.dumps(list(statements(stack(plain, "all kept"))))

    assert f"arn:aws:s3:::{KEPT['ExistingBucket']}/datasets/*" in resources
    assert f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{KEPT['ExistingTable']}/index/due" in resources
    assert f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/{KEPT['ExistingImageRepository']}" in resources


def test_the_bucket_is_closed_versioned_and_told_of(plain: dict[str, Any]) -> None:
    bucket = stack(plain, "nothing said")["Data"]["Properties"]
    (tls_only,) = plain["Resources"]["DataPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {"true"}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": "true"}}
    assert (tls_only["Effect"], tls_only["Principal"]) == ("Deny", "*")
    assert tls_only["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_bucket_forgets_failed_uploads_old_versions_and_in_time_snapshots(plain: dict[str, Any]) -> None:
    rules = {one["Id"]: one for one in plain["Resources"]["Data"]["Properties"]["LifecycleConfiguration"]["Rules"]}
    days = plain["Parameters"]["SnapshotDays"]

    assert set(rules) == {"failed-uploads", "old-versions", "snapshots"}
    assert rules["snapshots"]["ExpirationInDays"] == {"Ref": "SnapshotDays"}
    # SageMaker ends a tuning job after 30 days at most, and a training job may wait for spot capacity as long again.
    assert days["MinValue"] >= 2 * 30
    assert all("ExpirationInDays" not in rules[name] for name in ("failed-uploads", "old-versions"))


def test_the_ledger_can_be_restored_to_any_second(plain: dict[str, Any]) -> None:
    ledger = plain["Resources"]["Ledger"]["Properties"]

    assert ledger["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert ledger["BillingMode"] == "PAY_PER_REQUEST"


def test_no_image_with_a_tag_ever_expires(plain: dict[str, Any]) -> None:
    """Champions, open jobs and the registry name images by digest; our images always have a tag."""
    image = plain["Resources"]["Image"]["Properties"]
    rules = json.loads(image["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]

    assert {rule["selection"]["tagStatus"] for rule in rules} == {"untagged"}
    assert image["ImageTagMutability"] == "IMMUTABLE"
    assert image["ImageScanningConfiguration"] == {"ScanOnPush": True}


def test_all_data_at_rest_are_under_the_customers_key(plain: dict[str, Any]) -> None:
    resources = stack(plain, "customer key")
    bucket = resources["Data"]["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert [one["ServerSideEncryptionByDefault"] for one in bucket] == [
        {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    ]
    assert resources["Ledger"]["Properties"]["SSESpecification"]["KMSMasterKeyId"] == KEY
    assert resources["Notifications"]["Properties"]["KmsMasterKeyId"] == KEY
    assert resources["Logs"]["Properties"]["KmsKeyId"] == KEY
    assert resources["Sweep"]["Properties"]["Environment"]["Variables"]["RETUNE_KMS_KEY_ARN"] == KEY


def test_the_key_policy_to_add_covers_every_service_that_uses_the_key_by_itself(plain: dict[str, Any]) -> None:
    resources = stack(plain, "customer key")
    under_key = {one["Type"] for one in resources.values() if KEY in json.dumps(one)} - TRAINING_ROLE
    policy = json.loads((ROOT / "infra" / "key-policy.json").read_text())

    assert under_key == set(KEEPS_KEY_ITSELF) | ROLES_USE_KEY
    assert {one["Principal"].get("Service") for one in policy} - {None} == set(KEEPS_KEY_ITSELF.values())


def test_the_key_policy_to_add_lets_the_account_give_roles_what_they_are_given(plain: dict[str, Any]) -> None:
    policy = json.loads((ROOT / "infra" / "key-policy.json").read_text())
    (to_roles,) = [one["Action"] for one in policy if "AWS" in one["Principal"]]

    wanted = [one["Action"] for _, one in statements(stack(plain, "customer key")) if one["Resource"] == KEY]

    assert wanted
    assert {action for actions in wanted for action in actions} <= {action.rstrip("*") for action in to_roles}


def test_nothing_but_parameters_names_the_key(plain: dict[str, Any]) -> None:
    assert KEY not in json.dumps(stack(plain, "nothing said"))
    assert "KmsKeyArn" not in set(references(stack(plain, "nothing said")))
