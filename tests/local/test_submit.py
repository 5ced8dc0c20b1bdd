"""submit, status, best, explain, stop and retry against a local AWS that is up."""

import json
import time
from pathlib import Path

import pytest

from tests.support.local.command_line import IRIS, Up

QUICK = {"target": "Sepal.Length", "max_jobs": 2, "max_parallel_jobs": 2, "seed": 1}


@pytest.fixture
def quick(tmp_path: Path) -> Path:
    """A tuning spec that is done in a few seconds."""
    spec = tmp_path / "tuning.json"
    spec.write_text(json.dumps(QUICK))
    return spec


def test_submitting_and_waiting_ends_with_a_best_model(up: Up, quick: Path) -> None:
    ran = up.cli("submit", "flowers", IRIS, "--spec", quick, "--wait")
    assert ran.returncode == 0, ran.stderr
    assert up.ready["endpoint_url"] in ran.stderr
    found = json.loads(up.cli("best", "flowers", "--json").stdout)
    assert found["best"]["model_uri"].startswith(f"s3://{up.ready['bucket']}/tuning/flowers/")
    assert up.cli("status", "flowers").returncode == 0
    assert "flowers" in up.cli("status").stdout
    assert {"rmse", "r2", "linear_mse"} <= found["best"]["measures"].keys()
    assert found["best"]["model"]["engine"] in ("compiled", "earth")
    assert found["tuning_job"] in up.cli("explain", "flowers", "train/iris.csv").stdout
    (folds,) = [
        line for line in json.loads(up.cli("explain", "flowers", "--json").stdout)["training"] if "Folds" in line
    ]
    assert folds.startswith("Folds: 5 of 150 rows, encoded in 5 columns")
    assert "flowers" in up.said()


def test_the_same_bytes_again_start_nothing_and_explain_says_why(up: Up, quick: Path) -> None:
    up.cli("submit", "again", IRIS, "--spec", quick, "--wait")
    again = up.cli("submit", "again", IRIS, "--spec", quick, "--wait")
    assert again.returncode == 0
    assert len(json.loads(up.cli("status", "again", "--json").stdout)["attempts"]) == 1
    assert "already tuned this exact data on" in up.cli("explain", "again").stdout


def test_data_that_would_be_refused_are_not_uploaded(up: Up, tmp_path: Path) -> None:
    cut = tmp_path / "cut.csv"
    cut.write_text("a,b\n1,2\n3\n" + "4,5\n" * 30)
    ran = up.cli("submit", "cut", cut, "--target", "a")
    assert ran.returncode == 1
    assert "train/cut.csv" in ran.stderr and "line 3" in ran.stderr
    assert up.cli("status", "cut").returncode == 4


def test_a_dataset_without_a_target_is_a_usage_error_that_lists_the_columns(up: Up) -> None:
    ran = up.cli("submit", "targetless", IRIS)
    assert ran.returncode == 2
    assert "Petal.Width" in ran.stderr
    assert up.cli("status", "targetless").returncode == 4


def test_a_stopped_tuning_job_can_be_retried(up: Up, tmp_path: Path) -> None:
    spec = tmp_path / "tuning.json"
    spec.write_text(json.dumps({**QUICK, "max_jobs": 60, "max_parallel_jobs": 1}))
    up.cli("submit", "long", IRIS, "--spec", spec)
    _until(up, "long", lambda view: view["phase"] == "Started")
    assert up.cli("best", "long").returncode == 3
    assert up.cli("retry", "long").returncode == 3
    assert up.cli("stop", "long").returncode == 0
    _until(up, "long", lambda view: view["attempts"][-1]["status"] == "Stopped")
    assert up.cli("stop", "long").returncode == 4

    assert up.cli("retry", "long").returncode == 0
    _until(up, "long", lambda view: len(view["attempts"]) == 2)
    assert up.cli("stop", "long").returncode == 0
    _until(up, "long", lambda view: view["attempts"][-1]["status"] == "Stopped")


def test_what_is_not_a_data_file_is_explained_by_name(up: Up) -> None:
    up.client("s3").put_object(Bucket=up.ready["bucket"], Key="datasets/odd/train/notes.xlsx", Body=b"x")
    explained = up.cli("explain", "odd", "notes.xlsx")
    assert explained.returncode == 0, explained.stderr
    assert "ignored" in explained.stdout


def _until(up: Up, dataset: str, is_so: object) -> None:
    assert callable(is_so)
    deadline = time.monotonic() + 60
    while True:
        answered = up.cli("status", dataset, "--json").stdout
        if answered and is_so(json.loads(answered)):
            return
        assert time.monotonic() < deadline, f"{answered}\n{up.said()}"
        time.sleep(0.3)
