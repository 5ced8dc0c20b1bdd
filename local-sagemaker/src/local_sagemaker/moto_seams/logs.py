"""CloudWatch Logs, and their contents: a row for each log stream, and one for each call that puts events into it.

moto ignores FilterLogEvents' logStreamNamePrefix, so that a query for one function's log returns every function's, and
orders events by stream. AWS always orders them by time (docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
API_FilterLogEvents.html).

There are thousands of streams, which are written line by line, also by the local AWS itself.
"""

import json
from collections.abc import Callable
from copyreg import __newobj__  # type: ignore[attr-defined]
from functools import wraps
from threading import Lock
from typing import Any

from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogGroup, LogsBackend, LogStream, logs_backends
from moto.logs.responses import LogsResponse

from local_sagemaker.durability.database import Database
from local_sagemaker.durability.requests import Effect, Request
from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.moto_seams.common.pickles import Pickles, Reduced, backends, identity

_NO_STREAM = ":"  # no stream can have this name; an empty list would select all streams
_STREAMS, _EVENTS = "log streams", "log events"
_OWN = ("stored_bytes", "upload_sequence_token", "last_ingestion_time")
_making = Lock()


def install(patches: Patches) -> None:
    """Make FilterLogEvents return the events that AWS returns, in AWS's order."""
    patches.replace(LogsBackend, "filter_log_events", _by_time)
    patches.replace(LogsResponse, "filter_log_events", _with_the_prefix)


def _by_time(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def filter_log_events(backend: Any, *args: Any) -> Any:
        return original(backend, *args[:-1], True)

    return filter_log_events


def _with_the_prefix(original: Callable[..., str]) -> Callable[..., str]:
    @wraps(original)
    def filter_log_events(response: Any) -> str:
        if prefix := response._get_param("logStreamNamePrefix"):
            response.body = _naming_the_streams(response, prefix)
        return original(response)

    return filter_log_events


def _naming_the_streams(response: Any, prefix: str) -> str:
    asked = json.loads(response.body)
    if asked.get("logStreamNames"):
        raise InvalidParameterException("logStreamNames and logStreamNamePrefix exclude each other.")
    group = response.logs_backend.groups.get(asked.get("logGroupName"))
    names = [name for name in group.streams if name.startswith(prefix)] if group else []
    return json.dumps({**asked, "logStreamNames": names or [_NO_STREAM]})


def put(account: str, region: str, group: str, stream: str, time_ms: int, *messages: str) -> None:
    """Append events of one time to a stream; group and stream are created on first use."""
    backend = logs_backends[account][region]
    if group not in backend.groups or stream not in backend.groups[group].streams:
        with _making:
            if group not in backend.groups:
                backend.create_log_group(group, {})
            if stream not in backend.groups[group].streams:
                backend.create_log_stream(group, stream)
    backend.put_log_events(group, stream, [{"timestamp": time_ms, "message": message} for message in messages])


class LogStreams:
    """The contents of the log groups. `on_group` is called when a group is created, which has no row of its own."""

    def __init__(self, pickles: Pickles, on_group: Callable[[], None]) -> None:
        self._pickles = pickles
        self._on_group = on_group
        self._changed: dict[tuple[str, str], Any] = {}
        self._put: list[tuple[Any, int, int]] = []
        pickles.leave_out[LogGroup] = _without_streams
        pickles.leave_out[LogStream] = _without_events

    def install(self, patches: Patches) -> None:
        """Track each group and stream that is created or deleted, and each call that puts events."""
        patches.replace(LogsBackend, "create_log_group", self._noting_group)
        for name in ("create_log_stream", "delete_log_stream"):
            patches.replace(LogGroup, name, self._noting_stream)
        patches.replace(LogStream, "put_log_events", self._noting_events)

    def heard(self, request: Request, effect: Effect) -> None:
        """Do nothing: the patched groups and streams report their own changes."""

    def save(self, database: Database) -> None:
        changed, self._changed = self._changed, {}
        for (place, name), group in changed.items():
            if name in group.streams:
                database.save(_STREAMS, place, name, self._pickles.dump(group.streams[name]))
            else:
                database.delete(_STREAMS, place, name)
        put, self._put = self._put, []
        for stream, start, end in put:
            row = (stream.events[start:end], {name: getattr(stream, name) for name in _OWN})
            database.save(_EVENTS, identity(stream), f"{start}", self._pickles.dump(row))

    def load(self, database: Database) -> None:
        groups = {identity(group): group for backend in backends("logs") for group in backend.groups.values()}
        streams = {}
        for place, name, value in database.rows(_STREAMS):
            if place in groups:
                stream = groups[place].streams[name] = self._pickles.load(value)
                stream.log_group = groups[place]
                streams[identity(stream)] = stream
            else:
                database.delete_place(_STREAMS, place)
        for place, _, value in database.rows(_EVENTS):
            if place in streams:
                events, own = self._pickles.load(value)
                streams[place].events += events
                vars(streams[place]).update(own)
            else:
                database.delete_place(_EVENTS, place)

    def _noting_group(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def create_log_group(*args: Any, **kwargs: Any) -> Any:
            self._on_group()
            return original(*args, **kwargs)

        return create_log_group

    def _noting_stream(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def call(group: Any, name: str) -> Any:
            self._changed[identity(group), name] = group
            return original(group, name)

        return call

    def _noting_events(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def put_log_events(stream: Any, log_events: list[Any]) -> Any:
            start = len(stream.events)
            token = original(stream, log_events)
            self._put.append((stream, start, len(stream.events)))
            return token

        return put_log_events


def _without_streams(group: Any) -> Reduced:
    identity(group)
    return __newobj__, (type(group),), {**vars(group), "streams": {}}


def _without_events(stream: Any) -> Reduced:
    identity(stream)
    return __newobj__, (type(stream),), {**vars(stream), "events": [], "log_group": None}
