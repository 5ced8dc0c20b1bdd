"""Keeps moto's whole state in a home: the parts that `Keeper` loads and saves.

All state that has no rows of its own is in one pickle, so that references between objects survive: buckets without
objects, tables without items, queues without messages, and the state of all other services.
"""

import logging
from pathlib import Path
from pickle import PicklingError
from typing import Any

import moto
from moto.core.base_backend import BackendDict
from moto.moto_api._internal import moto_api_backend
from moto.s3.models import s3_backends

from local_sagemaker.durability.contents import Contents
from local_sagemaker.durability.database import Database
from local_sagemaker.durability.keeper import Keeper
from local_sagemaker.durability.lock import ChangeLock
from local_sagemaker.durability.requests import Effect, Request
from local_sagemaker.moto_seams import awslambda
from local_sagemaker.moto_seams.cloudformation import templates
from local_sagemaker.moto_seams.cloudwatch import MetricData
from local_sagemaker.moto_seams.common import fingerprints
from local_sagemaker.moto_seams.common.fingerprints import Fingerprints
from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.moto_seams.common.pickles import Pickles, backends
from local_sagemaker.moto_seams.dynamodb import Items
from local_sagemaker.moto_seams.logs import LogStreams
from local_sagemaker.moto_seams.s3.objects import Objects
from local_sagemaker.moto_seams.sqs import Messages

FORMAT = "1"
VERSIONS = {"format": FORMAT, "moto": moto.__version__}
"""What writes a home. One of another format is refused, one of another moto if `fingerprints` differ."""
_KIND = "moto"
_NOT_KEPT = ("moto_api", "instance_metadata")
_NOT_PICKLED = (PicklingError, TypeError, AttributeError, RecursionError)
_log = logging.getLogger(__name__)


def opened(home: Path) -> Database:
    """Open the home's database. Raises: UnreadableHome."""
    return Database(home / "state.sqlite", VERSIONS, fingerprints.check)


def install(patches: Patches, database: Database, contents: Contents, account: str, region: str) -> Keeper:
    """Create a keeper of moto's state. It tracks changes from now on; nothing is loaded yet."""
    lock, pickles = ChangeLock(), Pickles(contents)
    pickles.reducers.append(templates.reduced)

    def is_read_by_lambda(queue_arn: str) -> bool:
        return any(mapping.queue_arn == queue_arn for mapping in awslambda.mappings(account, region))

    world = World(pickles)
    streams = LogStreams(pickles, world.touch)
    parts = (Objects(pickles), Items(pickles), Messages(pickles, is_read_by_lambda), streams, MetricData(pickles))
    for part in parts:
        part.install(patches)
    return Keeper(database, contents, lock, (world, *parts, Fingerprints(pickles)))


def reset() -> None:
    """Drop all buckets, queues, tables, functions and other resources of this process."""
    moto_api_backend.reset()


class World:
    """State that is saved whenever a request may have changed more than rows."""

    def __init__(self, pickles: Pickles) -> None:
        self._pickles = pickles
        self._has_changed = False

    def touch(self) -> None:
        """Note a change that did not come from a request."""
        self._has_changed = True

    def heard(self, request: Request, effect: Effect) -> None:
        self._has_changed = self._has_changed or effect is Effect.ALL or _is_recorded(request)

    def save(self, database: Database) -> None:
        if self._has_changed:
            database.save(_KIND, "", "", self._dump())
            self._has_changed = False

    def _dump(self) -> bytes:
        try:
            return self._pickles.dump(list(_backends().values()))
        except _NOT_PICKLED:
            self._do_without()
            return self._pickles.dump(list(_backends().values()))

    def _do_without(self) -> None:
        """Leave out services whose state cannot be pickled, such as threads, so that all others are saved."""
        for (service, *_), backend in _backends().items():
            try:
                self._pickles.dump(backend)
            except _NOT_PICKLED as error:
                self._pickles.without.add(service)
                _log.warning("the state of %s will be lost when this process ends: %s", service, error)

    def load(self, database: Database) -> None:
        for _, _, value in database.rows(_KIND):
            self._pickles.load(value)
        for backend in backends("s3"):
            for name in backend.buckets:
                s3_backends.bucket_accounts[name] = (backend.partition, backend.account_id)


def _backends() -> dict[tuple[str, str, str], Any]:
    return {
        (found.service_name, account, region): backend
        for found in BackendDict._instances
        if found.service_name not in _NOT_KEPT
        for account, region, backend in found.iter_backends()
    }


def _is_recorded(request: Request) -> bool:
    """Whether moto also records the request outside the rows: in an event archive or a table's stream."""
    if request.service == "events":
        return any(backend.archives for backend in backends("events"))
    if request.service == "dynamodb":
        return any(table.stream_shard for backend in backends("dynamodb") for table in backend.tables.values())
    return False
