"""What a client needs first in an empty account: a role to pass, and an image in ECR."""

import hashlib
import json
from contextlib import suppress
from typing import Any

ROLE = "local-sagemaker"
TAG = "latest"
"""A tag instead of a digest: the SageMaker SDKs derive job names from the image's URI, and names allow no "@"."""
MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG_TYPE = "application/vnd.docker.container.image.v1+json"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def role_arn(iam: Any) -> str:
    """Return the ARN of a role that SageMaker can assume and that allows everything; create it unless it exists.

    Jobs accept any other role too: nothing is checked against it."""
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(_TRUST))
    iam.put_role_policy(RoleName=ROLE, PolicyName="everything", PolicyDocument=json.dumps(_POLICY))
    return str(iam.get_role(RoleName=ROLE)["Role"]["Arn"])


def image_uri(ecr: Any, repository: str) -> str:
    """Return the URI, with a tag, of an image in this repository; create both unless they exist.

    The image has no layers: its manifest stands for the folder that is mapped to the repository."""
    with suppress(ecr.exceptions.RepositoryAlreadyExistsException):
        ecr.create_repository(repositoryName=repository)
    content = _manifest(repository)
    with suppress(ecr.exceptions.ImageAlreadyExistsException):
        ecr.put_image(
            repositoryName=repository,
            imageManifest=content,
            imageManifestMediaType=MANIFEST_TYPE,
            imageDigest=_digest(content),
            imageTag=TAG,
        )
    (found,) = ecr.describe_repositories(repositoryNames=[repository])["repositories"]
    return f"{found['repositoryUri']}:{TAG}"


def _manifest(repository: str) -> str:
    """Make a Docker manifest, since SageMaker refuses those of OCI."""
    config = {"mediaType": _CONFIG_TYPE, "size": 2, "digest": _digest(repository)}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": config, "layers": []})


def _digest(content: str) -> str:
    return f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"
