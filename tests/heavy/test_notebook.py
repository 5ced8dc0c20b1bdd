"""The notebook in `examples/` runs from its first cell to its last, with the SDK that its readers have."""

import json
import re
from typing import Any

import pytest

from tests.support.heavy.alone import Alone
from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import SDK_V2

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(1200)]
NOTEBOOK = ROOT / "examples" / "notebook" / "tune_mars.ipynb"
CELLS: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


@pytest.fixture(scope="module")
def said(alone: Alone) -> str:
    """What it printed, run in its own folder, as Jupyter does."""
    return alone.run(
        SDK_V2, "python", ROOT / "tests/support/heavy/stories/notebook.py", NOTEBOOK, cwd=NOTEBOOK.parent
    ).stdout


def test_it_is_kept_without_outputs() -> None:
    assert [cell for cell in CELLS if cell.get("outputs") or cell.get("execution_count")] == []


def test_it_trains_tunes_and_shows_every_training_job(said: str, alone: Alone) -> None:
    assert "mse: 0." in said  # the training job's log
    assert len(re.findall(r"^ *[123]\.0 +0\.\d+ +(?:TRUE|FALSE) +0\.\d+ ", said, re.MULTILINE)) == 9
    best = re.search(r"^best: (mars-tuning-\S+)$", said, re.MULTILINE)
    assert best is not None
    described = alone.client("sagemaker").describe_training_job(TrainingJobName=best[1])
    assert described["TrainingJobStatus"] == "Completed"


def test_its_endpoint_predicts_much_better_than_the_mean(said: str) -> None:
    found = re.search(r"mse on flowers kept back: ([\d.]+); of the mean: ([\d.]+)", said)
    assert found is not None
    assert float(found[1]) < 0.5 * float(found[2])


def test_it_leaves_nothing_behind(said: str, alone: Alone) -> None:
    sagemaker = alone.client("sagemaker")
    for listed, member, name in (
        (sagemaker.list_endpoints(), "Endpoints", "EndpointName"),
        (sagemaker.list_endpoint_configs(), "EndpointConfigs", "EndpointConfigName"),
        (sagemaker.list_models(), "Models", "ModelName"),
    ):
        assert [one for one in listed[member] if one[name].startswith("mars-")] == []
    assert alone.client("s3").list_objects_v2(Bucket="mars-notebook")["KeyCount"] == 0
