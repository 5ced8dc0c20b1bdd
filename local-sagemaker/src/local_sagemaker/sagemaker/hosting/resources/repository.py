"""Holds hosting's records: one shelf for each kind, one lock for all, names unique regardless of case.

Every change happens within `changing(record)`, and has been saved when that ends.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from local_sagemaker.sagemaker.hosting.resources.records import Endpoint, EndpointConfig, Model, Record, TransformJob
from local_sagemaker.sagemaker.jobs.store import Store
from local_sagemaker.sagemaker.protocol.errors import ServiceError, invalid

JOB = "transform job"
Kind = TypeVar("Kind", bound=Record)


class Shelf(Generic[Kind]):
    """The records of one kind, in the order of their creation. `words` is their name in AWS's messages."""

    def __init__(self, store: Store, lock: threading.RLock, kind: type[Kind], words: str, arns: str):
        self._store = store
        self._lock = lock
        self._words = words
        self.kind = kind
        self.arns = arns
        self._records = {record.name.lower(): record for record in store.load(words, kind)}

    def add(self, record: Kind) -> None:
        """Raises: ServiceError: the name is in use."""
        with self._lock, self._store.together():
            if record.name.lower() in self._records:
                raise self._taken(record)
            self._records[record.name.lower()] = record
            self.save(record)

    def save(self, record: Kind) -> None:
        """Save the record's current state, unless it was removed meanwhile."""
        if record.name.lower() in self._records:
            self._store.save(self._words, record.name, record)

    def get(self, name: str) -> Kind:
        """Raises: ServiceError: it does not exist."""
        with self._lock:
            if name.lower() not in self._records:
                raise invalid(self._missing(name))
            return self._records[name.lower()]

    def remove(self, name: str) -> Kind:
        """Raises: ServiceError: it does not exist."""
        with self._lock, self._store.together():
            self.get(name)
            self._store.delete(self._words, name)
            return self._records.pop(name.lower())

    def all(self) -> list[Kind]:
        with self._lock:
            return list(self._records.values())

    def arn(self, name: str) -> str:
        """The ARN, which is in lower case even if the name is not."""
        return f"{self.arns}/{name.lower()}"

    def _missing(self, name: str) -> str:
        """The message for a missing record. The service model lists ResourceNotFound for jobs, but AWS was observed to
        return a ValidationException with this text."""
        if self._words == JOB:
            return f"Could not find requested job with name: {name}"
        return f'Could not find {self._words} "{self.arn(name)}".'

    def _taken(self, record: Kind) -> ServiceError:
        if self._words == JOB:
            text = "Job name must be unique within an AWS account and region, and a job with this name already exists"
            return ServiceError("ResourceInUse", f"{text} ({record.arn}).")
        return invalid(f'Cannot create already existing {self._words} "{record.arn}".')


class Shelves:
    """All shelves. `arns` is `arn:aws:sagemaker:<region>:<account>`."""

    def __init__(self, arns: str, store: Store):
        self.lock = threading.RLock()
        self._store = store
        self.models = Shelf(store, self.lock, Model, "model", f"{arns}:model")
        self.configs = Shelf(store, self.lock, EndpointConfig, "endpoint configuration", f"{arns}:endpoint-config")
        self.endpoints = Shelf(store, self.lock, Endpoint, "endpoint", f"{arns}:endpoint")
        self.transform_jobs = Shelf(store, self.lock, TransformJob, JOB, f"{arns}:transform-job")

    @contextmanager
    def changing(self, *records: Record) -> Iterator[None]:
        """Change these records and emit their events: both are saved, or neither."""
        with self.lock, self._store.together():
            yield
            for record in records:
                next(shelf for shelf in self._all() if isinstance(record, shelf.kind)).save(record)

    def owns(self, arn: str) -> bool:
        """Whether an ARN names a kind of resource that is kept here."""
        return any(arn.startswith(f"{shelf.arns}/") for shelf in self._all())

    def by_arn(self, arn: str) -> Any:
        """Raises: ServiceError: it does not exist."""
        for shelf in self._all():
            for record in shelf.all():
                if record.arn == arn:
                    return record
        raise invalid(f"Resource does not exist: {arn}")

    def _all(self) -> list[Shelf[Any]]:
        return [self.models, self.configs, self.endpoints, self.transform_jobs]
