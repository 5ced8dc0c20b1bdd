"""FilterLogEvents.

moto ignores logStreamNamePrefix, so that a query for one function's log returns every function's, and orders events by
stream. AWS always orders them by time (docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
API_FilterLogEvents.html).
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

from local_sagemaker.moto_seams.patches import Patches

_NO_STREAM = ":"  # no stream can have this name; an empty list would select all streams


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
