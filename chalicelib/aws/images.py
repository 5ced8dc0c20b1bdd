"""The training images in ECR."""

from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.faults import code_of, translated


class Images:
    """Which training image is current: the greatest tag, since tags begin with the build's start in UTC."""

    def __init__(self, ecr: Any, repository: str):
        self._ecr = ecr
        self._repository = repository

    def current(self) -> str | None:
        """`<repository uri>@<digest>` of the greatest tag, so that an older build that finishes last changes
        nothing; None when nothing has been published."""
        with translated():
            try:
                uri = self._repository_uri()
                tags = self._digests_by_tag()
            except ClientError as error:
                if code_of(error) in ("RepositoryNotFoundException", "ImageNotFoundException"):
                    return None
                raise
        return f"{uri}@{tags[max(tags)]}" if tags else None

    def _repository_uri(self) -> str:
        found = self._ecr.describe_repositories(repositoryNames=[self._repository])
        return str(found["repositories"][0]["repositoryUri"])

    def _digests_by_tag(self) -> dict[str, str]:
        pages = self._ecr.get_paginator("describe_images").paginate(repositoryName=self._repository)
        images = [image for page in pages for image in page["imageDetails"]]
        return {tag: image["imageDigest"] for image in images for tag in image.get("imageTags", [])}
