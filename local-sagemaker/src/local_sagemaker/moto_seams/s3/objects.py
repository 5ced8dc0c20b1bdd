"""Keeps S3's objects and multipart uploads: a row for each version of a key with its tags, and one for each upload.

A delete marker refers to the version before it, so that a key with one has a single row with all its versions, as
every key had in homes of earlier releases.
moto keeps bodies in memory or in temporary files, tags apart from their objects, and every instance forever in a list.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from copyreg import __newobj__  # type: ignore[attr-defined]
from functools import wraps
from types import SimpleNamespace
from typing import Any

from moto.core.common_models import BaseModel
from moto.s3 import models
from moto.s3.models import FakeKey, MultipartDict, s3_backends
from moto.s3.utils import _VersionedKeyStore
from moto.utilities.tagging_service import TaggingService

from local_sagemaker.durability.database import Database
from local_sagemaker.durability.requests import Effect, Request
from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.moto_seams.common.pickles import Pickles, Reduced, backends, identity

_KEYS, _VERSIONS, _UPLOADS = "objects", "object versions", "uploads"
_CURRENT = ""


class Objects:
    """The objects and uploads of all buckets."""

    def __init__(self, pickles: Pickles) -> None:
        self._pickles = pickles
        self._changed: dict[tuple[int, str], tuple[Any, set[str]]] = {}
        self._saved: dict[tuple[str, str], tuple[Any, ...]] = {}
        pickles.leave_out[TaggingService] = _without_objects
        pickles.leave_out[_VersionedKeyStore] = _emptied
        pickles.leave_out[MultipartDict] = _emptied

    def install(self, patches: Patches) -> None:
        """Write bodies to files, and track keys and uploads that are created or deleted."""
        contents = self._pickles.contents
        patches.replace(models, "tempfile", lambda _: SimpleNamespace(SpooledTemporaryFile=lambda *_: contents.new()))
        patches.rely_on(FakeKey, "__init__")  # it makes the file
        patches.replace(FakeKey, "__getstate__", lambda _: _state)
        patches.replace(FakeKey, "__setstate__", lambda _: _set_state)
        patches.replace(BaseModel, "__new__", lambda _: staticmethod(_untracked))
        for name in ("__setitem__", "setlist", "pop"):
            patches.replace(_VersionedKeyStore, name, self._noting)
        for name in ("__setitem__", "__delitem__"):
            patches.replace(MultipartDict, name, self._noting)

    def heard(self, request: Request, effect: Effect) -> None:
        """Mark the request's version of its key, and its upload: the request may have changed them in place."""
        if request.service != "s3" or effect is Effect.NONE:
            return
        first, _, key = request.path.lstrip("/").partition("/")
        for bucket_name, name in ((first, key), (request.host.partition(".")[0], request.path.lstrip("/"))):
            if (bucket := _bucket(bucket_name)) and name:
                self._note(bucket.keys, name, *request.parameters.get("versionId", [_CURRENT]))
                for upload_id in request.parameters.get("uploadId", []):
                    self._note(bucket.multiparts, upload_id)

    def save(self, database: Database) -> None:
        changed, self._changed = self._changed, {}
        for (_, name), (container, version_ids) in changed.items():
            if isinstance(container, MultipartDict):
                self._save_upload(database, container, name)
            else:
                self._save_key(database, container, name, version_ids)

    def load(self, database: Database) -> None:
        for backend in backends("s3"):
            tags = backend.tagger.tags
            for arn in [arn for arn in tags if _is_objects(arn)]:  # in homes of earlier releases
                del tags[arn]
        stores = {identity(bucket.keys): (backend, bucket.keys) for backend, bucket in _buckets()}
        for place, name, value in database.rows(_KEYS):
            if place in stores:
                self._load(stores[place], name, value)
            else:
                database.delete_place(_KEYS, place)
        for place, row, value in database.rows(_VERSIONS):
            if place in stores:
                self._load(stores[place], _key_of(row), value)
                self._saved[place, _key_of(row)] = ()
            else:
                database.delete_place(_VERSIONS, place)
        for place, name in self._saved:
            self._saved[place, name] = tuple(stores[place][1].getlist(name))
        uploads = {identity(bucket.multiparts): bucket.multiparts for _, bucket in _buckets()}
        for place, upload_id, value in database.rows(_UPLOADS):
            if place in uploads:
                dict.__setitem__(uploads[place], upload_id, self._pickles.load(value))
            else:
                database.delete_place(_UPLOADS, place)

    def _load(self, store: tuple[Any, Any], name: str, value: bytes) -> None:
        """Add the row's versions to those of the key."""
        backend, keys = store
        versions, tags = self._pickles.load(value)
        dict.setdefault(keys, name, []).extend(versions)
        backend.tagger.tags.update(tags)

    def _save_upload(self, database: Database, uploads: Any, upload_id: str) -> None:
        if upload_id in uploads:
            database.save(_UPLOADS, identity(uploads), upload_id, self._pickles.dump(uploads[upload_id]))
        else:
            database.delete(_UPLOADS, identity(uploads), upload_id)

    def _save_key(self, database: Database, keys: Any, name: str, version_ids: set[str]) -> None:
        """Save the versions that are new, and those with these ids; delete those that are gone."""
        place, versions = identity(keys), tuple(keys.getlist(name, []))
        has_marker = not all(isinstance(version, FakeKey) for version in versions)
        in_rows = () if has_marker else versions
        before = self._saved.pop((place, name), ())
        for version in _beyond(before, in_rows):  # first: a new version may have the same id, and comes last
            database.delete(_VERSIONS, place, _row(version, name))
        changed = [version for version in in_rows if version.version_id in version_ids]
        changed += in_rows[-1:] if _CURRENT in version_ids else ()
        for version in _beyond(in_rows, _beyond(before, changed)):
            database.save(_VERSIONS, place, _row(version, name), self._dump([version]))
        if in_rows:
            self._saved[place, name] = in_rows
        if has_marker:
            database.save(_KEYS, place, name, self._dump(versions))
        else:
            database.delete(_KEYS, place, name)

    def _dump(self, versions: Sequence[Any]) -> bytes:
        return self._pickles.dump((list(versions), _tags(versions)))

    def _noting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def call(container: Any, name: str, *args: Any) -> Any:
            self._note(container, name)
            return original(container, name, *args)

        return call

    def _note(self, container: Any, name: str, *version_ids: str) -> None:
        self._changed.setdefault((id(container), name), (container, set()))[1].update(version_ids)


def _beyond(versions: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    """The versions that are not among the others."""
    known = {id(other) for other in others}
    return [version for version in versions if id(version) not in known]


def _row(version: Any, name: str) -> str:
    return f"{version.version_id}/{name}"


def _key_of(row: str) -> str:
    return row.partition("/")[2]


def _buckets() -> Iterator[tuple[Any, Any]]:
    return ((backend, bucket) for backend in backends("s3") for bucket in backend.buckets.values())


def _bucket(name: str) -> Any:
    partition, account = s3_backends.bucket_accounts.get(name, (None, None))
    return s3_backends[account][partition].buckets.get(name) if account else None


def _tags(versions: Sequence[Any]) -> dict[str, dict[str, str | None]]:
    arns = [(version, version.arn) for version in versions if isinstance(version, FakeKey)]
    found = {arn: s3_backends[key.account_id][key.partition].tagger.tags.get(arn) for key, arn in arns}
    return {arn: tags for arn, tags in found.items() if tags}


def _without_objects(tagger: Any) -> Reduced | None:
    """Leave out the tags of objects, which are in their rows."""
    if not any(backend.tagger is tagger for backend in backends("s3")):
        return None
    tags = {arn: found for arn, found in tagger.tags.items() if not _is_objects(arn)}
    return __newobj__, (type(tagger),), {**vars(tagger), "tags": tags}


def _is_objects(arn: str) -> bool:
    return "/" in arn


def _emptied(container: Any) -> Reduced:
    return _container, (type(container), identity(container))


def _container(kind: type, kept_as: str) -> Any:
    container = kind()
    container._kept_as = kept_as
    return container


def _untracked(cls: type, *_: Any, **__: Any) -> Any:
    return super(BaseModel, cls).__new__(cls)


def _state(key: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(key).items() if name != "lock"}


def _set_state(key: Any, state: dict[str, Any]) -> None:
    vars(key).update(state, lock=threading.Lock())
