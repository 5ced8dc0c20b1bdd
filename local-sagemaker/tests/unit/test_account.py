"""The first role and the first image."""

from typing import Any

import pytest

from local_sagemaker.account import image_uri, role_arn
from support.account import Account


@pytest.fixture(scope="module")
def ecr(account: Account) -> Any:
    return account.aws.client("ecr")


def test_the_role_trusts_sagemaker_and_allows_everything(account: Account) -> None:
    iam = account.aws.client("iam")

    name = role_arn(iam).rpartition("/")[2]

    (trusts,) = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
    (allows,) = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]["Statement"]
    assert trusts["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert (allows["Action"], allows["Resource"]) == ("*", "*")


def test_the_image_has_a_tag_and_a_docker_manifest(ecr: Any) -> None:
    uri, _, tag = image_uri(ecr, "algo").partition(":")

    (image,) = ecr.describe_images(repositoryName=uri.partition("/")[2])["imageDetails"]
    assert image["imageTags"] == [tag]
    assert image["imageManifestMediaType"] == "application/vnd.docker.distribution.manifest.v2+json"


def test_asking_again_changes_nothing(account: Account, ecr: Any) -> None:
    iam = account.aws.client("iam")
    first = role_arn(iam), image_uri(ecr, "twice")

    assert (role_arn(iam), image_uri(ecr, "twice")) == first
    assert len(ecr.describe_images(repositoryName="twice")["imageDetails"]) == 1
