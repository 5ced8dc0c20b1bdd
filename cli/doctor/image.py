"""The training image that the next tuning job takes, and the build that makes it."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

from chalicelib.aws.images import DOCKER_MANIFEST, Image, Images, current_of
from cli.doctor.finding import Finding
from cli.target.parts import Part
from cli.target.pins import pins_of
from cli.target.stack import Stack
from cli.target.target import Target

PUSH = ("push a change to container/, or build and push one here", "./retune image push")
ARCHITECTURE = "amd64"
FETCH_TIMEOUT_S = 10


def image(target: Target, stack: Stack) -> Iterator[Finding]:
    """Whether there is one, and whether SageMaker can run it."""
    ecr, repository, pinned = target.client("ecr"), stack.image_repository, pins_of(stack).pinned()
    images = Images(ecr, repository).all()
    current = current_of(images, pinned)
    if current is None:
        yield _none(images, pinned)
        return
    because = f", which is pinned ({pinned})" if pinned else ""
    yield Finding("image", True, f"{repository}:{', '.join(current.tags) or current.digest}{because}")
    found = ecr.batch_get_image(repositoryName=repository, imageIds=[{"imageDigest": current.digest}])["images"]
    if found:
        yield from _can_run(ecr, repository, found[0]["imageManifest"], is_here=target.is_here)


def _none(images: tuple[Image, ...], pinned: str | None) -> Finding:
    if pinned:
        fix = "pin another image, or none, so that the newest build counts"
        return Finding("image", False, f"{pinned} is pinned, and is gone", fix, "./retune image unpin")
    if images:
        return Finding("image", False, f"none of {len(images)} is a build's whose manifest SageMaker takes", *PUSH)
    return Finding("image", False, "none has been published", *PUSH)


def build(target: Target, parts: tuple[Part, ...]) -> Iterator[Finding]:
    """How CodeBuild's last build ended."""
    projects = [part.id for part in parts if part.type == "AWS::CodeBuild::Project"]
    if not projects:
        yield Finding("image build", None, "this stack has none: ./retune image push makes images")
        return
    codebuild, project = target.client("codebuild"), projects[0]
    newest = codebuild.list_builds_for_project(projectName=project, sortOrder="DESCENDING")["ids"][:1]
    if not newest:
        start = f"aws codebuild start-build --project-name {project}"
        yield Finding("image build", None, f"{project} has not built yet", command=start)
        return
    yield _ended(codebuild.batch_get_builds(ids=newest)["builds"][0])


def _ended(last: dict[str, Any]) -> Finding:
    status, link = last["buildStatus"], last.get("logs", {}).get("deepLink", "")
    what = f"{last['id']} {status.lower().replace('_', ' ')}"
    if status == "IN_PROGRESS":
        return Finding("image build", None, what)
    return Finding("image build", status == "SUCCEEDED", what, f"its log says why: {link or last['id']}")


def _can_run(ecr: Any, repository: str, text: str, is_here: bool) -> Iterator[Finding]:
    """SageMaker takes Docker's manifests, not OCI's, and its instances of these types are amd64."""
    manifest = json.loads(text)
    kind = manifest.get("mediaType", "one without a media type")
    yield Finding("image manifest", kind == DOCKER_MANIFEST, kind, "SageMaker takes Docker's only", PUSH[1])
    if kind != DOCKER_MANIFEST:
        return
    if is_here:
        yield Finding("image architecture", None, "an image here is a folder: it runs as this machine does")
        return
    built_for = _config(ecr, repository, manifest["config"]["digest"]).get("architecture", "unknown")
    yield Finding("image architecture", built_for == ARCHITECTURE, built_for, "it must be for linux/amd64", PUSH[1])


def _config(ecr: Any, repository: str, digest: str) -> dict[str, Any]:
    """The image's configuration, fetched from where ECR says that it lies."""
    url = ecr.get_download_url_for_layer(repositoryName=repository, layerDigest=digest)["downloadUrl"]
    with urlopen(url, timeout=FETCH_TIMEOUT_S) as answer:
        return dict(json.loads(answer.read()))
