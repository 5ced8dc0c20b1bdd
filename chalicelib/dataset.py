"""Datasets by name: listings, fingerprints and the tuning job's name. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from chalicelib.layout import parse_key

FINGERPRINT_FORMAT = "retune-1"
LONGEST_JOB_NAME = 32
"""SageMaker's limit for HyperParameterTuningJobName (botocore's service model)."""

_PREFIX = re.compile(r"[a-z][a-z0-9]{0,7}")


@dataclass(frozen=True)
class FileVersion:
    """One version of one object. Another ETag does not mean other bytes."""

    key: str
    etag: str
    size: int


@dataclass(frozen=True)
class DataFile:
    """A file with what stands for its content: `sha256:<hex>`, or S3's word for a file too big to read."""

    channel: str
    path: str
    key: str
    etag: str
    size: int
    checksum: str

    @property
    def version(self) -> FileVersion:
        return FileVersion(self.key, self.etag, self.size)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "DataFile":
        """The inverse of `to_dict`; further keys are left aside."""
        return cls(**{name: values[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Listing:
    """Everything that lies in a dataset's folder at one time."""

    dataset: str
    versions: tuple[FileVersion, ...]

    @cached_property
    def digest(self) -> str:
        """The same for the same versions in any order; another for any change."""
        rows = sorted([version.key, version.etag, version.size] for version in self.versions)
        return _sha256(rows)

    @property
    def spec(self) -> FileVersion | None:
        return next(iter(self._of("spec")), None)

    @property
    def marker(self) -> FileVersion | None:
        return next(iter(self._of("marker")), None)

    @property
    def data(self) -> tuple[FileVersion, ...]:
        """The files of both channels, by key."""
        return tuple(sorted((*self.channel("train"), *self.channel("validation")), key=lambda v: v.key))

    @property
    def ignored(self) -> tuple[str, ...]:
        """Keys that mean nothing to us; folders' own empty objects are not worth a word."""
        return tuple(v.key for v in self.versions if parse_key(v.key) is None and not v.key.endswith("/"))

    def channel(self, name: str) -> tuple[FileVersion, ...]:
        return self._of(name)

    def _of(self, kind: str) -> tuple[FileVersion, ...]:
        found = ((version, parse_key(version.key)) for version in self.versions)
        return tuple(sorted((v for v, key in found if key and key.kind == kind), key=lambda v: v.key))


def fingerprint(
    stack: str, dataset: str, files: Iterable[DataFile], training_keys: Mapping[str, Any], image: str | None
) -> str:
    """64 hex digits that name what is to be tuned: content and training keys, not ETags, tags or caps."""
    contents = sorted([file.channel, file.path, file.checksum] for file in files)
    return _sha256([FINGERPRINT_FORMAT, stack, dataset, contents, dict(training_keys), image])


def tuning_job_name(prefix: str, dataset: str, fingerprint: str, attempt: int) -> str:
    """`<prefix>-<slug>-<8 hex>-a<attempt>`: at most 32 characters, the slug the same for every attempt."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"the prefix must match {_PREFIX.pattern}, not {prefix!r}")
    if not 1 <= attempt <= 99:
        raise ValueError(f"the attempt must be from 1 to 99, not {attempt}")
    room = LONGEST_JOB_NAME - len(prefix) - len("--12345678-a99")
    return f"{prefix}-{_slug(dataset, room)}-{fingerprint[:8]}-a{attempt}"


def model_group_name(prefix: str, dataset: str) -> str:
    """The dataset's model package group: at most 63 characters; eight hex digits keep `a.b` and `a-b` apart."""
    return f"{prefix}-{_slug(dataset, 40)}-{_sha256(dataset)[:8]}"


def only_removed(now: Iterable[DataFile], before: Iterable[DataFile]) -> bool:
    """Whether `now` is what was there before less some files: nothing added, nothing changed."""
    left = {(file.channel, file.path, file.checksum) for file in now}
    return left < {(file.channel, file.path, file.checksum) for file in before}


def _slug(dataset: str, room: int) -> str:
    """The dataset's name in [a-z0-9-], at most `room` long, neither beginning nor ending in "-"."""
    return re.sub(r"[^a-z0-9]+", "-", dataset.lower()).strip("-")[:room].rstrip("-") or "data"


def _sha256(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
