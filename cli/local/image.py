"""The training image of the local AWS: a manifest in its ECR that stands for the folder `container/`.

The app finds it as it does on AWS (greatest tag, then digest). Its digest changes exactly when a file of the
folder does.
"""

import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.aws.images import DOCKER_MANIFEST, Images

CONFIG_TYPE = "application/vnd.docker.container.image.v1+json"


def folder_digest(folder: Path) -> str:
    """SHA-256 over the paths and bytes of all files under `folder`, as 64 hex digits."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def manifest(config_digest: str) -> str:
    """A Docker v2 manifest without layers: SageMaker refuses OCI ones, so ours is none either."""
    config = {"mediaType": CONFIG_TYPE, "size": 2, "digest": f"sha256:{config_digest}"}
    return json.dumps({"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": []})


def publish(ecr: Any, repository: str, folder: Path, now: datetime | None = None) -> str:
    """Push the folder's manifest under `<UTC time>-<short hash>`; the image's URI with its digest."""
    digest = folder_digest(folder)
    pushed = _push(ecr, repository, digest, f"{now or datetime.now(UTC):%Y%m%dT%H%M%SZ}-{digest[:12]}")
    return f"{Images(ecr, repository).repository_uri()}@{pushed}"


def publish_as(ecr: Any, repository: str, folder: Path, tag: str) -> str:
    """The same under a tag that moves; the image's URI with the tag. Pushing what is there changes nothing."""
    with suppress(ecr.exceptions.ImageAlreadyExistsException):
        _push(ecr, repository, folder_digest(folder), tag)
    return f"{Images(ecr, repository).repository_uri()}:{tag}"


def _push(ecr: Any, repository: str, digest: str, tag: str) -> str:
    content = manifest(digest)
    pushed = ecr.put_image(
        repositoryName=repository,
        imageManifest=content,
        imageManifestMediaType=DOCKER_MANIFEST,
        imageDigest=f"sha256:{hashlib.sha256(content.encode()).hexdigest()}",
        imageTag=tag,
    )["image"]
    return str(pushed["imageId"]["imageDigest"])
