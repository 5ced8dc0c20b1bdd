"""Keeps S3's objects and multipart uploads: a row for each key with all its versions and their tags, and one for each
upload.

moto keeps bodies in memory or in temporary files, tags apart from their objects, and every instance forever in a list.
"""

import threading
from collections.abc import Callable, Iterator
from functools import wraps
from types import SimpleNamespace
from typing import Any

from moto.core.common_models import BaseModel
from moto.s3 import models
from moto.s3.models import FakeKey, MultipartDict, s3_backends
from moto.s3.utils import _VersionedKeyStore

from local_sagemaker.durability.database import Database
from local_sagemaker.durability.requests import Effect, Request
from local_sagemaker.moto_seams.patches import Patches
from local_sagemaker.moto_seams.pickles import Pickles, Reduced, backends, identity

_OBJECTS, _UPLOADS = "objects", "uploads"


class Objects:
    """The objects and uploads of all buckets."""

    def __init__(self, pickles: Pickles) -> None:
        self._pickles = pickles
        self._changed: dict[tuple[int, str], Any] = {}
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
        """Mark the request's key and upload as changed: the request may have changed them in place."""
        if request.service != "s3" or effect is Effect.NONE:
            return
        first, _, key = request.path.lstrip("/").partition("/")
        for bucket_name, name in ((first, key), (request.host.partition(".")[0], request.path.lstrip("/"))):
            if (bucket := _bucket(bucket_name)) and name:
                self._note(bucket.keys, name)
                for upload_id in request.parameters.get("uploadId", []):
                    self._note(bucket.multiparts, upload_id)

    def save(self, database: Database) -> None:
        changed, self._changed = self._changed, {}
        for (_, name), container in changed.items():
            self._save(database, container, name)

    def load(self, database: Database) -> None:
        for backend in backends("s3"):
            tags = backend.tagger.tags
            for arn in [arn for arn in tags if "/" in arn]:  # an object's: its row holds the current ones
                del tags[arn]
        stores = {identity(bucket.keys): (backend, bucket.keys) for backend, bucket in _buckets()}
        for place, name, value in database.rows(_OBJECTS):
            if place in stores:
                backend, keys = stores[place]
                versions, tags = self._pickles.load(value)
                dict.__setitem__(keys, name, versions)
                backend.tagger.tags.update(tags)
            else:
                database.delete_place(_OBJECTS, place)
        uploads = {identity(bucket.multiparts): bucket.multiparts for _, bucket in _buckets()}
        for place, upload_id, value in database.rows(_UPLOADS):
            if place in uploads:
                dict.__setitem__(uploads[place], upload_id, self._pickles.load(value))
            else:
                database.delete_place(_UPLOADS, place)

    def _save(self, database: Database, container: Any, name: str) -> None:
        kind, place = _UPLOADS if isinstance(container, MultipartDict) else _OBJECTS, identity(container)
        if name not in container:
            database.delete(kind, place, name)
        elif kind == _UPLOADS:
            database.save(kind, place, name, self._pickles.dump(container[name]))
        else:
            versions = container.getlist(name)
            database.save(kind, place, name, self._pickles.dump((versions, _tags(versions))))

    def _noting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def call(container: Any, name: str, *args: Any) -> Any:
            self._note(container, name)
            return original(container, name, *args)

        return call

    def _note(self, container: Any, name: str) -> None:
        self._changed[id(container), name] = container


def _buckets() -> Iterator[tuple[Any, Any]]:
    return ((backend, bucket) for backend in backends("s3") for bucket in backend.buckets.values())


def _bucket(name: str) -> Any:
    partition, account = s3_backends.bucket_accounts.get(name, (None, None))
    return s3_backends[account][partition].buckets.get(name) if account else None


def _tags(versions: list[Any]) -> dict[str, dict[str, str | None]]:
    arns = [(version, version.arn) for version in versions if isinstance(version, FakeKey)]
    found = {arn: s3_backends[key.account_id][key.partition].tagger.tags.get(arn) for key, arn in arns}
    return {arn: tags for arn, tags in found.items() if tags}


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
