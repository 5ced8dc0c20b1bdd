"""What `best` and `explain` show of a record."""

from typing import Any

import pytest
from rich.console import Console, RenderableType

from cli.data.show import best, explain
from tests.support.tuned import failed, job, metrics, recorded


def shown(record: dict[str, Any]) -> str:
    return printed(best({"best": record}))


def explained(record: dict[str, Any] | None) -> str:
    return printed(
        explain({"dataset": "iris", "state": "completed", "decided": None, "ignored": [], "record": record}, None, [])
    )


def printed(rendered: RenderableType) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(rendered)
    return captured.get()


def test_the_other_errors_the_notes_and_the_engine_are_shown() -> None:
    text = shown(recorded(job(1, 0.1, metrics=metrics(error_of_linear=0.05))))

    for said in (
        "R squared                  0.86",
        "note                       It predicts no better than a straight line in each column (least squares).",
        "engine                     Fitted by the engine compiled: the average of 5 fits, each to all folds but one",
    ):
        assert said in text


@pytest.mark.parametrize("added", [("measures", "model", "notes"), ()])
def test_a_record_of_another_release_or_image_is_shown_without_them(added: tuple[str, ...]) -> None:
    record = recorded(job(1, 0.1))
    for name in added:
        del record["best"][name]

    assert [line.split()[0] for line in shown(record).splitlines() if not line.startswith(" ")] == [
        "mse", "degree", "prune", "thresh", "training", "tuning", "model",
    ]  # fmt: skip


def test_the_engine_of_the_last_tuning_job_is_explained() -> None:
    record = recorded(job(1, 0.1, metrics=metrics()))

    assert f"The best model of {record['tuning_job']}: Fitted by the engine compiled: the average" in explained(record)


@pytest.mark.parametrize("record", [None, recorded(failed(1, "no"), status="Failed"), recorded(job(1, 0.1))])
def test_without_a_model_or_its_metrics_no_engine_is_explained(record: dict[str, Any] | None) -> None:
    assert "engine" not in explained(record)
