"""Syne Tune's SageMaker backend, unchanged, against the local AWS: it finds its trials by Search.

0.13.0 is its last release with that backend.
"""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.heavy.clients import SYNE_TUNE
from tests.support.heavy.python_image import python_image

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(1200)]

PROGRAM = f"""#!{sys.executable} -IS
import json, os
given = json.load(open(os.environ["ML_ROOT"] + "/input/config/hyperparameters.json"))
loss = float(given["x"]) ** 2
for epoch in (1, 2):
    report = {{"loss": loss / epoch, "epoch": epoch, "st_worker_iter": epoch - 1, "st_worker_time": 0.1 * epoch,
              "st_worker_timestamp": float(epoch)}}
    print("[tune-metric]: " + json.dumps(report), flush=True)
"""
"""Reports as Syne Tune's own Reporter does."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the story saw."""
    with python_image(tmp_path_factory.mktemp("syne-tune"), {"train": PROGRAM}) as (aws, given):
        yield aws.hear(SYNE_TUNE, "syne_tune_search.py", given)


def test_it_finds_each_trial_by_search(told: dict[str, Any]) -> None:
    assert "Search" in told["calls"]
    assert {one["id"] for one in told["trials"]} == {int(trial) for trial in told["jobs"]}
    assert len(told["trials"]) >= 5


def test_each_trial_has_its_hyperparameter_and_both_of_its_reports(told: dict[str, Any]) -> None:
    ended = [one for one in told["trials"] if one["status"] == "Completed"]
    assert len(ended) >= 5
    for trial in ended:
        losses = [report["loss"] for report in trial["metrics"]]
        assert losses == pytest.approx([trial["x"] ** 2, trial["x"] ** 2 / 2])


def test_its_best_trial_is_the_one_with_the_least_loss(told: dict[str, Any]) -> None:
    least = min((one for one in told["trials"] if one["metrics"]), key=lambda one: abs(one["x"]))

    assert told["best"]["trial"] == least["id"]
    assert told["best"]["x"] == pytest.approx(least["x"])
