"""The training images in ECR."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.faults import code_of, translated

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
BUILT = re.compile(r"\d{8}T\d{6}Z-.+")
"""A tag made by `infra/image/tag`: the build's start in UTC, then the source. `latest` sorts higher but is not one."""


@dataclass(frozen=True)
class Image:
    """One image of the repository. `pushed_at` is in epoch seconds."""

    digest: str
    tags: tuple[str, ...] = ()
    manifest_type: str = DOCKER_MANIFEST
    pushed_at: float = 0.0
    size_bytes: int = 0

    @property
    def is_docker(self) -> bool:
        """Whether SageMaker accepts it: SageMaker refuses OCI manifests."""
        return self.manifest_type == DOCKER_MANIFEST


class Images:
    """The images of one repository; empty if the repository does not exist."""

    def __init__(self, ecr: Any, repository: str):
        self._ecr = ecr
        self._repository = repository

    def current(self, pinned: str | None = None) -> str | None:
        """Return `<repository uri>@<digest>` of the pinned tag, or else of the newest build; None if there is none."""
        found = current_of(self.all(), pinned)
        return f"{self.repository_uri()}@{found.digest}" if found else None

    def all(self) -> tuple[Image, ...]:
        """Return every image, in no particular order."""
        pages = self._ecr.get_paginator("describe_images").paginate(repositoryName=self._repository)
        with translated():
            try:
                return tuple(_image(found) for page in pages for found in page["imageDetails"])
            except ClientError as error:
                if code_of(error) in ("RepositoryNotFoundException", "ImageNotFoundException"):
                    return ()
                raise

    def repository_uri(self) -> str:
        """Return the part of an image's URI before `@` and its digest."""
        with translated():
            found = self._ecr.describe_repositories(repositoryNames=[self._repository])
        return str(found["repositories"][0]["repositoryUri"])


def current_of(images: Iterable[Image], pinned: str | None) -> Image | None:
    """Return the image with the pinned tag; if none is pinned, the one with the greatest tag made by a build, so that
    an older build that finishes last changes nothing."""
    if pinned is not None:
        return next((image for image in images if pinned in image.tags), None)
    built = {tag: image for image in images if image.is_docker for tag in image.tags if BUILT.fullmatch(tag)}
    return built[max(built)] if built else None


def _image(found: dict[str, Any]) -> Image:
    return Image(
        digest=found["imageDigest"],
        tags=tuple(sorted(found.get("imageTags", ()))),
        manifest_type=found.get("imageManifestMediaType", DOCKER_MANIFEST),
        pushed_at=found["imagePushedAt"].timestamp(),
        size_bytes=int(found.get("imageSizeInBytes") or 0),
    )
