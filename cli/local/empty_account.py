"""What a client needs to begin with in a local AWS without Retune: a role to name and an image to train."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from cli.local import image
from cli.paths import CONTAINER

REPOSITORY = "retune-mars"
ROLE = "local-sagemaker"
TAG = "latest"
"""A tag and no digest, for the SageMaker SDKs make job names from an image's URI, which may not have an "@"."""
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
_MAY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def prepare(client: Callable[[str], Any]) -> dict[str, str]:
    """Make both, and say how they are called; those that are there already stay.

    Jobs take any other role too: nothing here is checked against it."""
    iam, ecr = client("iam"), client("ecr")
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(_TRUST))
    iam.put_role_policy(RoleName=ROLE, PolicyName="everything", PolicyDocument=json.dumps(_MAY))
    with suppress(ecr.exceptions.RepositoryAlreadyExistsException):
        ecr.create_repository(repositoryName=REPOSITORY)
    return {
        "training_role_arn": iam.get_role(RoleName=ROLE)["Role"]["Arn"],
        "image_uri": image.publish_as(ecr, REPOSITORY, CONTAINER, TAG),
    }
