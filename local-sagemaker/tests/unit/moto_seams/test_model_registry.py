"""The model registry, where moto is kinder than AWS."""

import pytest
from botocore.exceptions import ClientError

from local_sagemaker.clients import client
from support.account import Account, unique


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
