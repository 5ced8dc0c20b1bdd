"""CloudWatch Logs, for what runs inside the local AWS and writes often: no HTTP between."""

from threading import Lock

from moto.logs.models import logs_backends

_making = Lock()


def put(account: str, region: str, group: str, stream: str, time_ms: int, *messages: str) -> None:
    """Events of one time at the end of a stream; group and stream are made at their first use."""
    backend = logs_backends[account][region]
    if group not in backend.groups or stream not in backend.groups[group].streams:
        with _making:
            if group not in backend.groups:
                backend.create_log_group(group, {})
            if stream not in backend.groups[group].streams:
                backend.create_log_stream(group, stream)
    backend.put_log_events(group, stream, [{"timestamp": time_ms, "message": message} for message in messages])
