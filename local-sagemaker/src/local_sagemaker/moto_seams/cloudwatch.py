"""CloudWatch Metrics: keeps a row for each call that puts data, and only the latest data of each region.

AWS keeps them for up to 15 months; a process that stays up for weeks would grow, and moto reads all for each statistic.
"""

from collections import deque
from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.backends import get_backend
from moto.cloudwatch.models import CloudWatchBackend

from local_sagemaker.durability.database import Database
from local_sagemaker.durability.requests import Effect, Request
from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.moto_seams.common.pickles import Pickles, Reduced, backends

MOST = 10_000
_DATA = "metric data"


class MetricData:
    """The data of all regions. `_rows` holds the number and the length of each region's rows, the oldest first."""

    def __init__(self, pickles: Pickles, most: int = MOST) -> None:
        self._pickles = pickles
        self._most = most
        self._rows: dict[str, deque[tuple[int, int]]] = {}
        self._new: list[tuple[str, int, list[Any]]] = []
        self._dropped: list[tuple[str, int]] = []
        pickles.leave_out[CloudWatchBackend] = _without_data

    def install(self, patches: Patches) -> None:
        patches.replace(CloudWatchBackend, "put_metric_data", self._noting)
        patches.replace(CloudWatchBackend, "get_metric_data", _labelled)

    def heard(self, request: Request, effect: Effect) -> None:
        """Do nothing: the patched backends report their own changes."""

    def save(self, database: Database) -> None:
        new, self._new = self._new, []
        for place, number, data in new:
            database.save(_DATA, place, f"{number}", self._pickles.dump(data))
        dropped, self._dropped = self._dropped, []
        for place, number in dropped:
            database.delete(_DATA, place, f"{number}")

    def load(self, database: Database) -> None:
        """Load the rows. Data that an earlier release kept with the backend become a row."""
        for backend in backends("cloudwatch"):
            self._pickles.note(type(backend))
            if backend.metric_data:
                self._note(backend, list(backend.metric_data))
        for place, name, value in database.rows(_DATA):
            account, region = place.split("/")
            backend, data = _backend(account, region), self._pickles.load(value)
            backend.metric_data += data
            self._rows.setdefault(place, deque()).append((int(name), len(data)))

    def _noting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def put_metric_data(backend: Any, *args: Any, **kwargs: Any) -> None:
            start = len(backend.metric_data)
            original(backend, *args, **kwargs)
            self._note(backend, backend.metric_data[start:])

        return put_metric_data

    def _note(self, backend: Any, data: list[Any]) -> None:
        place = f"{backend.account_id}/{backend.region_name}"
        rows = self._rows.setdefault(place, deque())
        number = rows[-1][0] + 1 if rows else 0
        rows.append((number, len(data)))
        self._new.append((place, number, data))
        while len(backend.metric_data) > self._most and len(rows) > 1:
            oldest, length = rows.popleft()
            del backend.metric_data[:length]
            self._dropped.append((place, oldest))


def _labelled(original: Callable[..., Any]) -> Callable[..., Any]:
    """Label a metric by its name where the request does not, as AWS's amtviz expects; moto adds the statistic. Which
    label AWS makes where several queries have one metric is not documented: those keep moto's."""

    @wraps(original)
    def get_metric_data(backend: Any, queries: list[dict[str, Any]], *args: Any, **kwargs: Any) -> Any:
        names = [query["MetricStat"]["Metric"]["MetricName"] for query in queries if "MetricStat" in query]
        for query in queries:
            name = query.get("MetricStat", {}).get("Metric", {}).get("MetricName")
            if names.count(name) == 1:
                query.setdefault("Label", name)
        return original(backend, queries, *args, **kwargs)

    return get_metric_data


def _backend(account: str, region: str) -> Any:
    return get_backend("cloudwatch")[account][region]


def _without_data(backend: Any) -> Reduced:
    return _backend, (backend.account_id, backend.region_name), {**vars(backend), "metric_data": []}
