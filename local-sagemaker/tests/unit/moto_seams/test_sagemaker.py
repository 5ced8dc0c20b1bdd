"""The model registry, where moto is kinder than AWS, and its events."""

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_sagemaker.clients import client
from support.account import Account, eventually, unique, zipped

SAYS = "def says(event, context):\n    print(event['detail']['ModelApprovalStatus'])\n"
INFERENCE = {
    "Containers": [
        {"Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/m:1", "ModelDataUrl": "s3://models/m.tar.gz"}
    ],
    "SupportedContentTypes": ["text/csv"],
    "SupportedResponseMIMETypes": ["text/csv"],
}


def test_a_model_package_of_one_token_is_one_version(account: Account) -> None:
    sagemaker = client("sagemaker", account.aws.endpoint_url, account.aws.region)
    group = unique("models")
    sagemaker.create_model_package_group(ModelPackageGroupName=group)

    first, second, other = (
        sagemaker.create_model_package(ModelPackageGroupName=group, ClientToken=token)["ModelPackageArn"]
        for token in ("t1", "t1", "t2")
    )

    assert first == second != other


def test_a_group_that_exists_is_refused(account: Account) -> None:
    sagemaker = client("sagemaker", account.aws.endpoint_url, account.aws.region)
    group = unique("models")
    sagemaker.create_model_package_group(ModelPackageGroupName=group)

    with pytest.raises(ClientError, match="already exists"):
        sagemaker.create_model_package_group(ModelPackageGroupName=group)


def test_creation_and_approval_reach_a_rules_queue(account: Account) -> None:
    group, url = watched_group(account)
    arn = registered(account, group)
    [created] = account.bodies(url)

    account.sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    [approved] = account.bodies(url)
    assert created["detail"]["ModelApprovalStatus"] == "PendingManualApproval"
    assert approved["detail"]["ModelApprovalStatus"] == "Approved"


def test_an_event_of_a_model_package_has_the_documented_shape(account: Account) -> None:
    group, url = watched_group(account)
    arn = registered(account, group, InferenceSpecification=INFERENCE, CustomerMetadataProperties={"job": "j"})

    [event] = account.bodies(url)

    assert (event["source"], event["resources"]) == ("aws.sagemaker", [arn])
    detail = event["detail"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", detail["CreationTime"])
    assert detail == {
        "ModelPackageGroupName": group,
        "ModelPackageVersion": 1,
        "ModelPackageArn": arn,
        "CreationTime": detail["CreationTime"],
        "LastModifiedTime": detail["CreationTime"],
        "InferenceSpecification": INFERENCE,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CertifyForMarketplace": False,
        "ModelApprovalStatus": "PendingManualApproval",
        "CustomerMetadataProperties": {"job": "j"},
    }


def test_a_rule_for_approvals_starts_a_function(account: Account) -> None:
    function = account.function("says", zipped(SAYS))
    group = unique("models")
    account.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    account.rule_to(function["FunctionArn"], EventPattern=pattern(group, ModelApprovalStatus=["Approved"]))
    arn = registered(account, group)

    account.sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    eventually(lambda: "Approved" in account.log(function).splitlines())


def test_a_repeated_creation_emits_no_second_event(account: Account) -> None:
    group, url = watched_group(account)
    registered(account, group, ClientToken="t3-" + group)

    registered(account, group, ClientToken="t3-" + group)

    assert len(account.bodies(url)) == 1


def test_an_update_that_changes_no_state_emits_no_event(account: Account) -> None:
    group, url = watched_group(account)
    arn = registered(account, group)
    account.bodies(url)

    account.sagemaker.update_model_package(ModelPackageArn=arn, CustomerMetadataProperties={"job": "j"})

    assert account.bodies(url) == []


def test_a_new_stage_of_the_life_cycle_is_announced(account: Account) -> None:
    group, url = watched_group(account)
    arn = registered(account, group)
    account.bodies(url)
    stage = {"Stage": "Production", "StageStatus": "Approved", "StageDescription": "serves"}

    account.sagemaker.update_model_package(ModelPackageArn=arn, ModelLifeCycle=stage)

    [event] = account.bodies(url)
    assert event["detail"]["ModelLifeCycle"] == stage
    assert account.sagemaker.describe_model_package(ModelPackageName=arn)["ModelLifeCycle"] == stage


def test_an_update_keeps_what_it_does_not_mention(account: Account) -> None:
    group, _ = watched_group(account)
    arn = registered(account, group, CustomerMetadataProperties={"job": "j", "rows": "9"})
    account.sagemaker.update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Approved", ApprovalDescription="better"
    )

    account.sagemaker.update_model_package(
        ModelPackageArn=arn, CustomerMetadataProperties={"rows": "10"}, CustomerMetadataPropertiesToRemove=["job"]
    )

    described = account.sagemaker.describe_model_package(ModelPackageName=arn)
    assert (described["ModelApprovalStatus"], described["ApprovalDescription"]) == ("Approved", "better")
    assert described["CustomerMetadataProperties"] == {"rows": "10"}


def test_what_a_model_package_was_created_with_is_described(account: Account) -> None:
    group, _ = watched_group(account)

    arn = registered(account, group, SourceUri="s3://models/source", SkipModelValidation="All")

    described = account.sagemaker.describe_model_package(ModelPackageName=arn)
    assert (described["SourceUri"], described["SkipModelValidation"]) == ("s3://models/source", "All")


def watched_group(account: Account) -> tuple[str, str]:
    """A new group and the URL of a queue that receives the events of its model packages."""
    group, (url, arn) = unique("models"), account.queue()
    account.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    account.rule_to(arn, EventPattern=pattern(group))
    return group, url


def pattern(group: str, **detail: list[str]) -> str:
    kind = {"source": ["aws.sagemaker"], "detail-type": ["SageMaker Model Package State Change"]}
    return json.dumps({**kind, "detail": {"ModelPackageGroupName": [group], **detail}})


def registered(account: Account, group: str, **members: Any) -> str:
    """The ARN of a new version that waits for approval."""
    return str(
        account.sagemaker.create_model_package(
            ModelPackageGroupName=group, ModelApprovalStatus="PendingManualApproval", **members
        )["ModelPackageArn"]
    )


def test_registry_shows_what_was_stored(account: Account) -> None:
    group = unique("models")
    container = {"Image": "registry/image:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
    inference = {
        "Containers": [container],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    account.sagemaker.create_model_package_group(ModelPackageGroupName=group, ModelPackageGroupDescription="of mine")

    arn = account.sagemaker.create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification=inference,
        CustomerMetadataProperties={"mse": "0.1"},
    )["ModelPackageArn"]

    shown = account.sagemaker.describe_model_package(ModelPackageName=arn)
    assert (shown["ModelPackageVersion"], shown["ModelApprovalStatus"]) == (1, "PendingManualApproval")
    assert shown["InferenceSpecification"] == inference
    assert shown["CustomerMetadataProperties"] == {"mse": "0.1"}
    about = account.sagemaker.describe_model_package_group(ModelPackageGroupName=group)
    assert about["ModelPackageGroupDescription"] == "of mine"


def test_registry_lists_groups_and_packages(account: Account) -> None:
    group = unique("models")
    account.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    made = [account.sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"] for _ in range(2)]

    groups = account.sagemaker.list_model_package_groups(NameContains=group)["ModelPackageGroupSummaryList"]
    listed = account.sagemaker.list_model_packages(
        ModelPackageGroupName=group, SortBy="CreationTime", SortOrder="Descending"
    )["ModelPackageSummaryList"]

    assert [one["ModelPackageGroupName"] for one in groups] == [group]
    assert [one["ModelPackageArn"] for one in listed] == made[::-1]


def test_removing_a_property_from_a_package_without_any_changes_nothing(account: Account) -> None:
    group = unique("models")
    account.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    arn = account.sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"]

    account.sagemaker.update_model_package(ModelPackageArn=arn, CustomerMetadataPropertiesToRemove=["mse"])

    assert "CustomerMetadataProperties" not in account.sagemaker.describe_model_package(ModelPackageName=arn)


def test_a_group_is_deleted_once_it_is_empty(account: Account) -> None:
    group = unique("models")
    account.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    arn = account.sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"]
    with pytest.raises(ClientError, match=r"ConflictException.*not empty"):
        account.sagemaker.delete_model_package_group(ModelPackageGroupName=group)

    account.sagemaker.delete_model_package(ModelPackageName=arn)
    account.sagemaker.delete_model_package_group(ModelPackageGroupName=group)

    with pytest.raises(ClientError, match="does not exist"):
        account.sagemaker.describe_model_package_group(ModelPackageGroupName=group)


@pytest.mark.parametrize("member", [{"ManagedStorageType": "Restricted"}, {"CertifyForMarketplace": True}])
def test_what_the_registry_would_lose_is_refused_by_name(account: Account, member: dict[str, Any]) -> None:
    group = unique("models")
    account.sagemaker.create_model_package_group(ModelPackageGroupName=group)

    with pytest.raises(ClientError, match=f"does not support {next(iter(member))} in CreateModelPackage"):
        account.sagemaker.create_model_package(ModelPackageGroupName=group, **member)

    assert account.sagemaker.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"] == []


def test_the_version_of_a_deleted_package_is_not_given_again(account: Account) -> None:
    group = unique("models")
    account.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    first, second = (
        account.sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"] for _ in range(2)
    )

    account.sagemaker.delete_model_package(ModelPackageName=first)
    third = account.sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"]

    assert third.endswith("/3")
    listed = account.sagemaker.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"]
    assert {one["ModelPackageArn"] for one in listed} == {second, third}


TAG = {"Key": "owner", "Value": "me"}
NO_TAGS_OF_ITS_OWN = "Tags are not supported in Model Package versions"


def test_tags_of_a_group_are_added_overwritten_and_deleted(account: Account) -> None:
    arn = account.sagemaker.create_model_package_group(ModelPackageGroupName=unique("models"))["ModelPackageGroupArn"]

    account.sagemaker.add_tags(ResourceArn=arn, Tags=[TAG, {"Key": "stage", "Value": "test"}])
    account.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "production"}])
    account.sagemaker.delete_tags(ResourceArn=arn, TagKeys=["owner"])

    assert account.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "stage", "Value": "production"}]


def test_a_package_without_a_group_has_tags_of_its_own(account: Account) -> None:
    arn = account.sagemaker.create_model_package(ModelPackageName=unique("package"))["ModelPackageArn"]

    account.sagemaker.add_tags(ResourceArn=arn, Tags=[TAG])

    assert account.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [TAG]


def test_a_version_shows_the_tags_of_its_group(account: Account) -> None:
    group = unique("models")
    account.sagemaker.create_model_package_group(ModelPackageGroupName=group, Tags=[TAG])
    arn = account.sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"]

    assert account.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [TAG]


def test_a_version_takes_no_tags_of_its_own(account: Account) -> None:
    group, sagemaker = unique("models"), account.sagemaker
    sagemaker.create_model_package_group(ModelPackageGroupName=group, Tags=[TAG])
    arn = sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"]

    with pytest.raises(ClientError, match=NO_TAGS_OF_ITS_OWN):
        sagemaker.create_model_package(ModelPackageGroupName=group, Tags=[TAG])
    with pytest.raises(ClientError, match=NO_TAGS_OF_ITS_OWN):
        sagemaker.add_tags(ResourceArn=arn, Tags=[TAG])
    with pytest.raises(ClientError, match=NO_TAGS_OF_ITS_OWN):
        sagemaker.delete_tags(ResourceArn=arn, TagKeys=["owner"])


def test_reserved_and_repeated_tag_keys_are_refused(account: Account) -> None:
    arn = account.sagemaker.create_model_package_group(ModelPackageGroupName=unique("models"))["ModelPackageGroupArn"]

    for tags in ([TAG, TAG], [{"Key": "aws:owner", "Value": "me"}]):
        with pytest.raises(ClientError, match="ValidationException"):
            account.sagemaker.add_tags(ResourceArn=arn, Tags=tags)


@pytest.mark.parametrize("resource", ["model-package-group/none", "model-package/none", "model-package/none/1"])
def test_tags_of_what_does_not_exist_are_refused(account: Account, resource: str) -> None:
    arn = f"arn:aws:sagemaker:{account.aws.region}:{account.aws.account}:{resource}"

    with pytest.raises(ClientError, match=r"ValidationException.*(does not exist|not found)"):
        account.sagemaker.list_tags(ResourceArn=arn)
