"""Resource Groups' index of tagged resources: moto's lacks ECR repositories, which AWS's has."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.ecr.models import ecr_backends
from moto.resourcegroupstaggingapi import models

from local_sagemaker.moto_seams.common.patches import Patches


class _Repositories:
    """ECR's repositories, with the interface that the index expects of a service."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        for repository in self._backend.repositories.values():
            tags = self._backend.tagger.get_tag_dict_for_resource(repository.arn)
            yield TaggedResource(arn=repository.arn, tags=tags, resource_type="ecr:repository")

    def owns_arn(self, arn: str) -> bool:
        return False


def install(patches: Patches) -> None:
    """Add ECR's repositories to the index."""

    def with_repositories(original: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        def backends(account: str, region: str) -> Iterator[Any]:
            return chain(original(account, region), [_Repositories(ecr_backends[account][region])])

        return backends

    patches.replace(models, "iter_taggable_backends", with_repositories)
