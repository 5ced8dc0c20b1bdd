"""Only the latest metric data are kept, in memory and in the home."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.backends import get_backend

from local_sagemaker.durability.contents import Contents
from local_sagemaker.durability.database import Database
from local_sagemaker.moto_seams import persistence
from local_sagemaker.moto_seams.cloudwatch import MetricData
from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.moto_seams.common.pickles import Pickles
from support.account import Account


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "state.sqlite", {})
    yield database
    database.close()


@pytest.fixture
def metric_data(tmp_path: Path) -> Iterator[MetricData]:
    """Keeps four data."""
    patches, found = Patches(), MetricData(Pickles(Contents(tmp_path / "objects")), most=4)
    persistence.reset()
    found.install(patches)
    yield found
    patches.undo()
    persistence.reset()


def backend() -> Any:
    return get_backend("cloudwatch")["123456789012"]["us-east-1"]


def put(*values: float) -> None:
    backend().put_metric_data("jobs", [{"MetricName": "mse", "Value": value} for value in values])


def kept() -> list[float]:
    return [datum.value for datum in backend().metric_data]


def test_the_oldest_calls_go_when_there_are_too_many(metric_data: MetricData) -> None:
    for value in range(3):
        put(value, value + 0.5)

    assert kept() == [1.0, 1.5, 2.0, 2.5]


def test_the_last_call_stays_however_large_it_is(metric_data: MetricData) -> None:
    put(0)

    put(*range(6))

    assert kept() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_the_home_holds_what_memory_holds(metric_data: MetricData, database: Database) -> None:
    for value in range(9):
        put(value)
        metric_data.save(database)
    before = kept()
    persistence.reset()

    metric_data.load(database)

    assert kept() == before == [5.0, 6.0, 7.0, 8.0]


def test_data_that_were_loaded_with_their_backend_get_a_row(tmp_path: Path, database: Database) -> None:
    persistence.reset()
    put(1, 2)
    first, second = (MetricData(Pickles(Contents(tmp_path / "objects"))) for _ in range(2))

    first.load(database)
    first.save(database)
    persistence.reset()
    second.load(database)

    assert kept() == [1.0, 2.0]


def labels(account: Account, *statistics: str) -> list[str]:
    """What GetMetricData calls one metric, asked for with these statistics and no label."""
    metric = {"Namespace": "jobs", "MetricName": "mse"}
    queries = [
        {"Id": f"q{number}", "MetricStat": {"Metric": metric, "Period": 60, "Stat": statistic}}
        for number, statistic in enumerate(statistics)
    ]
    found = account.cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=0, EndTime=60)
    return [one["Label"] for one in found["MetricDataResults"]]


def test_a_metric_without_a_label_is_labelled_by_its_name(account: Account) -> None:
    assert labels(account, "Average") == ["mse"]


def test_labels_of_two_statistics_of_one_metric_differ(account: Account) -> None:
    assert labels(account, "Average", "Maximum") == ["mse Average", "mse Maximum"]
