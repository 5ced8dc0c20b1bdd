"""Holds resources by kind: one collection for each, one lock for all of a store, names unique regardless of case.

Every change happens within `changing(resource)`, and has been saved when that ends.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar

from local_sagemaker.sagemaker.jobs.store import Store
from local_sagemaker.sagemaker.protocol.errors import ServiceError, invalid


class StoredResource(Protocol):
    """A dataclass that the store can save."""

    name: str
    arn: str


Kind = TypeVar("Kind", bound=StoredResource)


class Collection(Generic[Kind]):
    """The resources of one kind, in the order of their creation. `words` is their name in AWS's messages, and in the
    store; that of a kind of job ends with "job"."""

    def __init__(self, store: Store, lock: threading.RLock, kind: type[Kind], words: str, arns: str):
        self._store = store
        self._lock = lock
        self._words = words
        self._is_of_jobs = words.endswith(" job")
        self.kind = kind
        self.arns = arns
        self._found = {resource.name.lower(): resource for resource in store.load(words, kind)}

    def add(self, resource: Kind) -> None:
        """Raises: ServiceError: the name is in use, or the local AWS is stopping."""
        with self._lock, self._store.together():
            self._store.must_be_open()
            if resource.name.lower() in self._found:
                raise self._taken(resource)
            self._found[resource.name.lower()] = resource
            self.save(resource)

    def save(self, resource: Kind) -> None:
        """Save the resource's current state, unless it was removed meanwhile."""
        if resource.name.lower() in self._found:
            self._store.save(self._words, resource.name, resource)

    def get(self, name: str) -> Kind:
        """Raises: ServiceError: it does not exist."""
        with self._lock:
            if name.lower() not in self._found:
                raise invalid(self._missing(name))
            return self._found[name.lower()]

    def remove(self, name: str) -> Kind:
        """Raises: ServiceError: it does not exist."""
        with self._lock, self._store.together():
            self.get(name)
            self._store.delete(self._words, name)
            return self._found.pop(name.lower())

    def all(self) -> list[Kind]:
        with self._lock:
            return list(self._found.values())

    def arn(self, name: str) -> str:
        """The ARN, which is in lower case even if the name is not."""
        return f"{self.arns}/{name.lower()}"

    def _missing(self, name: str) -> str:
        """The message for a missing resource. The service model lists ResourceNotFound for jobs, but AWS was observed
        to return a ValidationException with this text."""
        if self._is_of_jobs:
            return f"Could not find requested job with name: {name}"
        return f'Could not find {self._words} "{self.arn(name)}".'

    def _taken(self, resource: Kind) -> ServiceError:
        if self._is_of_jobs:
            text = "Job name must be unique within an AWS account and region, and a job with this name already exists"
            return ServiceError("ResourceInUse", f"{text} ({resource.arn}).")
        return invalid(f'Cannot create already existing {self._words} "{resource.arn}".')


class ResourceStore:
    """Collections that belong together. `arns` is `arn:aws:sagemaker:<region>:<account>`."""

    def __init__(self, arns: str, store: Store):
        self.lock = threading.RLock()
        self._arns = arns
        self._store = store
        self._collections: list[Collection[Any]] = []

    def collection(self, kind: type[Kind], words: str, resource_type: str) -> Collection[Kind]:
        """Add a collection with what the store has of that kind. `resource_type` is the one in its ARNs."""
        made = Collection(self._store, self.lock, kind, words, f"{self._arns}:{resource_type}")
        self._collections.append(made)
        return made

    @contextmanager
    def changing(self, *resources: Any) -> Iterator[None]:
        """Change these resources and emit their events: both are saved, or neither."""
        with self.lock, self._store.together():
            yield
            for resource in resources:
                next(one for one in self._collections if isinstance(resource, one.kind)).save(resource)

    def owns(self, arn: str) -> bool:
        """Whether an ARN names a kind of resource that is kept here."""
        return any(arn.startswith(f"{collection.arns}/") for collection in self._collections)

    def by_arn(self, arn: str) -> Any:
        """Raises: ServiceError: it does not exist."""
        for collection in self._collections:
            for resource in collection.all():
                if resource.arn == arn:
                    return resource
        raise invalid(f"Resource does not exist: {arn}")
