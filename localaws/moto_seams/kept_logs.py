"""CloudWatch Logs' events: a row for each call that put some."""

from collections.abc import Callable
from copyreg import __newobj__  # type: ignore[attr-defined]
from functools import wraps
from typing import Any

from moto.logs.models import LogStream

from localaws.durability.database import Database
from localaws.durability.requests import Effect, Request
from localaws.moto_seams.patches import Patches
from localaws.moto_seams.pickles import Pickles, Reduced, backends, identity

_KIND = "log events"
_OWN = ("stored_bytes", "upload_sequence_token", "last_ingestion_time")


class LogEvents:
    """What is in the log streams."""

    def __init__(self, pickles: Pickles) -> None:
        self._pickles = pickles
        self._put: list[tuple[Any, int, int]] = []
        pickles.leave_out[LogStream] = _emptied

    def install(self, patches: Patches) -> None:
        """Notes each call that puts events."""
        patches.replace(LogStream, "put_log_events", self._noting)

    def heard(self, request: Request, effect: Effect) -> None:
        """Streams notice themselves."""

    def save(self, database: Database) -> None:
        put, self._put = self._put, []
        for stream, start, end in put:
            row = (stream.events[start:end], {name: getattr(stream, name) for name in _OWN})
            database.save(_KIND, identity(stream), f"{start}", self._pickles.dump(row))

    def load(self, database: Database) -> None:
        groups = [group for backend in backends("logs") for group in backend.groups.values()]
        streams = {identity(stream): stream for group in groups for stream in group.streams.values()}
        for place, _, value in database.rows(_KIND):
            if place in streams:
                events, own = self._pickles.load(value)
                streams[place].events += events
                vars(streams[place]).update(own)
            else:
                database.delete_place(_KIND, place)

    def _noting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def put_log_events(stream: Any, log_events: list[Any]) -> Any:
            start = len(stream.events)
            token = original(stream, log_events)
            self._put.append((stream, start, len(stream.events)))
            return token

        return put_log_events


def _emptied(stream: Any) -> Reduced:
    identity(stream)
    return __newobj__, (type(stream),), {**vars(stream), "events": []}
