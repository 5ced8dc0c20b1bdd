"""The training images of a stack's repository, and who names each: what must not be deleted.

An image is named by its digest in the record of a champion, the manifest of an open tuning job, and the versions of
the model registry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib import layout
from chalicelib.aws.images import Image, Images, current_of
from chalicelib.state import Head, JobStatus, Phase
from cli.target.pins import pins_of
from cli.target.stack import Stack

UNDER_WAY = (Phase.COPYING, Phase.CREATING, Phase.STARTED)


@dataclass(frozen=True)
class Stocked:
    """One image. `named_by` is for a person: `champion of iris`, `tuning job …`, `model package …`."""

    image: Image
    uri: str
    current: bool
    pinned: bool
    named_by: tuple[str, ...]

    @property
    def is_needed(self) -> bool:
        return self.current or self.pinned or bool(self.named_by)

    @property
    def name(self) -> str:
        """Its tags, or its digest where it has none."""
        return ", ".join(self.image.tags) or self.image.digest


def images_of(stack: Stack) -> Images:
    """The stack's repository."""
    return Images(stack.target.client("ecr"), stack.image_repository)


def stock(stack: Stack) -> tuple[Stocked, ...]:
    """Every image, the one pushed last first."""
    images, pinned = images_of(stack), pins_of(stack).pinned()
    there = sorted(images.all(), key=lambda image: (image.pushed_at, image.tags), reverse=True)
    current = current_of(there, pinned)
    if not there:
        return ()
    named, repository_uri = list(_named(stack)), images.repository_uri()
    return tuple(
        Stocked(
            image=image,
            uri=f"{repository_uri}@{image.digest}",
            current=image == current,
            pinned=pinned in image.tags,
            named_by=tuple(dict.fromkeys(who for uri, who in named if _means(uri, image))),
        )
        for image in there
    )


def being_bought(stack: Stack) -> tuple[str, ...]:
    """The datasets whose tuning job is just being prepared: which image it gets is not written down yet."""
    heads = (stack.ledger.head(met.dataset) for met in stack.ledger.known())
    return tuple(head.dataset for head in heads if head.phase is Phase.COPYING and not _asked_image(stack, head))


def _named(stack: Stack) -> Iterator[tuple[str, str]]:
    """An image's URI with the one who names it."""
    for met in stack.ledger.known():
        head = stack.ledger.head(met.dataset)
        open_jobs = {job.tuning_job for job in met.jobs if job.status is JobStatus.STARTED}
        open_jobs |= {head.tuning_job} if head.phase in UNDER_WAY and head.tuning_job else set()
        for name in sorted(open_jobs):
            yield _image_in(stack, layout.manifest(met.dataset, name)), f"tuning job {name}"
        if met.champion:
            uri = _image_in(stack, layout.record(met.dataset, str(met.champion["tuning_job"])))
            yield uri, f"champion of {met.dataset}"
    yield from _registered(stack)


def _registered(stack: Stack) -> Iterator[tuple[str, str]]:
    """The images of every version in the model registry under the stack's prefix."""
    sagemaker, prefix = stack.sagemaker, f"{stack.prefix}-"
    groups = _pages(sagemaker, "list_model_package_groups", "ModelPackageGroupSummaryList", NameContains=prefix)
    for group in groups:
        name = group["ModelPackageGroupName"]
        if not name.startswith(prefix):
            continue
        for found in _pages(sagemaker, "list_model_packages", "ModelPackageSummaryList", ModelPackageGroupName=name):
            arn = found["ModelPackageArn"]
            package = sagemaker.describe_model_package(ModelPackageName=arn)
            for container in package.get("InferenceSpecification", {}).get("Containers", ()):
                yield str(container["Image"]), f"model package {arn.rpartition(':model-package/')[2]}"


def _pages(client: Any, operation: str, members: str, **asked: Any) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator(operation).paginate(**asked):
        yield from page[members]


def _asked_image(stack: Stack, head: Head) -> str:
    return _image_in(stack, layout.manifest(head.dataset, head.tuning_job)) if head.tuning_job else ""


def _image_in(stack: Stack, key: str) -> str:
    return str((stack.bucket.get_json(key) or {}).get("image") or "")


def _means(uri: str, image: Image) -> bool:
    return uri.endswith((f"@{image.digest}", *(f":{tag}" for tag in image.tags)))
