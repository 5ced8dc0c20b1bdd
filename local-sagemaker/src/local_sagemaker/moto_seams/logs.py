"""CloudWatch Logs without HTTP, for frequent writers inside the local AWS."""

from threading import Lock

from moto.logs.models import logs_backends

_making = Lock()


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
