"""The training image of the local AWS: a manifest in its ECR that represents the folder `container/`.

The app finds it as on AWS (greatest tag, then digest). Its digest changes exactly when a file in the folder does.
"""

import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.aws.images import BUILT, DOCKER_MANIFEST, Images

CONFIG_TYPE = "application/vnd.docker.container.image.v1+json"


def folder_digest(folder: Path) -> str:
    """Hash the paths and bytes of all files under `folder` with SHA-256, as 64 hex digits. Compiled ones are left out,
    as they follow from the others."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".o", ".so")):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def manifest(config_digest: str) -> str:
    """Make a Docker v2 manifest without layers; not an OCI one, which SageMaker refuses."""
    config = {"mediaType": CONFIG_TYPE, "size": 2, "digest": f"sha256:{config_digest}"}
    return json.dumps({"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": []})


def publish(ecr: Any, repository: str, folder: Path, now: datetime | None = None) -> str:
    """Push the folder's manifest as `<UTC time>-<short hash>`, and return the image's URI with its digest."""
    pushed = _push(ecr, repository, folder_digest(folder), new_tag(folder, now))
    return f"{Images(ecr, repository).repository_uri()}@{pushed}"


def new_tag(folder: Path, now: datetime | None = None) -> str:
    """The tag `<UTC time>-<short hash>`, which no other content gets."""
    return f"{now or datetime.now(UTC):%Y%m%dT%H%M%SZ}-{folder_digest(folder)[:12]}"


def publish_newest(ecr: Any, repository: str, folder: Path) -> str:
    """Push the folder's manifest, unless the newest build is the same, and return the image's URI with its tag."""
    tags = (tag for image in Images(ecr, repository).all() for tag in image.tags if BUILT.fullmatch(tag))
    newest = max(tags, default="")
    is_current = newest.endswith(f"-{folder_digest(folder)[:12]}")
    tag = newest if is_current else new_tag(folder)
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
