"""The report: one file, no network, no foreign markup, the right marks."""

from typing import Any

import pytest

from chalicelib.report import edges, render_report, tuned_names
from chalicelib.report.history import BOTTOM, TOP, history
from tests.support.html import EVIL, Elements
from tests.support.tuned import MANIFEST, failed, job, metrics, recorded

NINE = [job(number, 0.1 + number / 100) for number in range(1, 10)]


def an_evil_record() -> dict[str, Any]:
    manifest = {
        **MANIFEST,
        "files": [{**MANIFEST["files"][0], "path": EVIL}],
        "warnings": [EVIL],
        "image": EVIL,
        "spec": {**MANIFEST["spec"], "target": EVIL},
    }
    evil = job(1, 0.1, hyperparameters={EVIL: EVIL}, model_uri=EVIL)
    champion = {"promoted": False, "current": {"tuning_job": EVIL, "objective": 0.05}}
    record = recorded(evil, failed(2, EVIL), manifest=manifest, champion=champion, dataset=EVIL)
    return {**record, "tuning_job": EVIL, "reason": EVIL, "status": EVIL}


@pytest.mark.parametrize("record", [recorded(*NINE, failed(10, "no")), an_evil_record()], ids=["plain", "evil"])
def test_nothing_is_loaded_run_or_sent(record: dict[str, Any]) -> None:
    found = Elements(render_report(record))
    assert {tag for tag, _ in found.tags}.isdisjoint({"script", "img", "link", "iframe", "form", "a", "object"})
    for _, attributes in found.tags:
        assert not {name for name in attributes if name.startswith("on") or name in ("src", "href", "action")}
    policies = [a["content"] for tag, a in found.tags if tag == "meta" and "http-equiv" in a]
    assert policies == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    ]


def test_foreign_text_is_shown_as_text() -> None:
    found = Elements(render_report(an_evil_record()))
    assert found.text.count(EVIL) >= 5
    assert "49" not in found.text.replace("0f0444b1", "")


def test_verdict_hyperparameters_data_cost_and_provenance_are_there() -> None:
    record = recorded(*NINE, failed(10, "out of memory"))
    text = Elements(render_report(record)).text
    for said in (
        "mse 0.11", "9 of 10 training jobs", "It is the dataset's champion", "thresh", "out of memory", "3,867",
        MANIFEST["files"][0]["checksum"], "Warning: train/iris.csv has 1 duplicate row,", "Provenance", "Reproduce",
        record["data"]["fingerprint"], MANIFEST["image"], record["best"]["model_uri"], "About $0.01",
        "./retune best iris",
    ):  # fmt: skip
        assert said in text, said


def test_other_errors_the_engine_and_what_may_be_better_are_there() -> None:
    logged = metrics(error_of_linear=0.0995, bound_reached=1, nk=101)
    text = Elements(render_report(recorded(job(1, 0.1, metrics=logged)))).text
    for said in (
        "mse of least squares", "0.0995", "mse of the target's mean", "R squared", "0.86", "mean absolute error",
        "It predicts no better than a straight line in each column (least squares).",
        "Its search stopped at 101 terms: a larger nk may fit better.",
        "Fitted by the engine compiled: the average of 5 fits, each to all folds but one, with 14 terms in all.",
    ):  # fmt: skip
        assert said in text, said


def test_a_note_cannot_bring_markup() -> None:
    record = recorded(job(1, 0.1))
    record["best"]["notes"] = [f"`{EVIL}` {EVIL}"]

    found = Elements(render_report(record))

    assert found.text.count(EVIL) == 2
    assert "script" not in {tag for tag, _ in found.tags}


def test_a_record_of_an_image_that_logs_only_the_objective_has_a_report_without_them() -> None:
    assert "<h2>Error</h2>" not in render_report(recorded(job(1, 0.1)))


def test_a_record_of_the_first_release_has_a_report_too() -> None:
    record = recorded(job(1, 0.1))
    for added in ("measures", "model", "notes"):
        del record["best"][added]
    html = render_report(record)
    assert "mse 0.1" in html and "<h2>Error</h2>" not in html


def test_every_training_job_has_a_row_and_a_mark() -> None:
    found = Elements(render_report(recorded(*NINE, failed(10, "no"))))
    classes = [attributes.get("class") for _, attributes in found.tags]
    assert classes.count("completed") == 8 and classes.count("best-mark") == 1 and classes.count("missing") == 1
    assert classes.count("best") == 1


def test_the_report_of_nine_training_jobs_is_small_and_the_same_each_time() -> None:
    record = recorded(*NINE)
    assert len(render_report(record).encode()) < 100_000
    assert render_report(record) == render_report(record)


@pytest.mark.parametrize("jobs", [[], [failed(1, "no")]], ids=["none", "only failed"])
def test_a_tuning_job_without_a_model_has_a_report_too(jobs: list[Any]) -> None:
    html = render_report(recorded(*jobs, status="Failed", champion={"promoted": False, "current": None}))
    assert "Failed: no model" in html and "<svg" not in html


def test_a_record_without_its_manifest_has_a_report_too() -> None:
    assert "<dt>image</dt><dd><code>unknown</code></dd>" in render_report(recorded(job(1, 0.1), manifest={}))


def entries(*objectives: float | None) -> list[dict[str, Any]]:
    return recorded(*(job(i, value) for i, value in enumerate(objectives, start=1)))["training_jobs"]


def test_the_running_best_steps_down_and_never_up() -> None:
    drawn = history(entries(0.3, 0.1, 0.2, 0.0), None)
    assert drawn is not None
    # ticks 0, 0.1, 0.2, 0.3 from BOTTOM 260 to TOP 16; jobs evenly from 80 to 688
    assert [label for _, label in drawn.y_ticks] == ["0", "0.1", "0.2", "0.3"]
    assert (drawn.marks[0].y, drawn.marks[3].y) == (TOP, BOTTOM)
    assert drawn.running_best == "M80.0 16.0H282.7V178.7H485.3H688.0V260.0"


@pytest.mark.parametrize("objectives", [(0.5,), (0.0,), (0.2, 0.2), (1e-12, 1e12), (-3.0, None, 2.0)])
def test_every_mark_lies_within_the_chart(objectives: tuple[float | None, ...]) -> None:
    drawn = history(entries(*objectives), None)
    assert drawn is not None
    assert all(TOP <= mark.y <= BOTTOM and 64 <= mark.x <= 704 for mark in drawn.marks)
    assert 2 <= len(drawn.y_ticks) <= 7


def test_a_best_at_the_end_of_a_range_is_pointed_out() -> None:
    at = {"degree": "3", "prune": "TRUE", "thresh": "0.001"}
    assert edges(recorded(job(1, 0.1, hyperparameters=at))) == {"degree": "max", "thresh": "min"}
    within = {"degree": "2", "prune": "TRUE", "thresh": "0.005"}
    assert edges(recorded(job(1, 0.1, hyperparameters=within))) == {}


@pytest.mark.parametrize(("thresh", "at"), [("0.0000101", "min"), ("0.0001", None), ("0.005", None), ("0.0099", "max")])
def test_the_edge_of_a_logarithmic_range_is_measured_on_its_scale(thresh: str, at: str | None) -> None:
    bounds = {"type": "continuous", "min": 0.00001, "max": 0.01, "scaling": "Logarithmic"}
    manifest = {**MANIFEST, "spec": {**MANIFEST["spec"], "ranges": {"thresh": bounds}}}

    found = edges(recorded(job(1, 0.1, hyperparameters={"thresh": thresh}), manifest=manifest))

    assert found.get("thresh") == at


@pytest.mark.parametrize(
    ("members", "channel", "is_said"), [(5, "train", True), (1, "train", False), (5, "validation", False)]
)
def test_the_report_says_that_the_average_was_not_measured_itself(members: int, channel: str, is_said: bool) -> None:
    files = [*MANIFEST["files"], {**MANIFEST["files"][0], "channel": channel}]
    one = job(1, 0.1, metrics=metrics(members=members))

    text = Elements(render_report(recorded(one, manifest={**MANIFEST, "files": files}))).text

    assert ("their average usually errs less" in text) == is_said


def test_what_was_not_tuned_has_no_column() -> None:
    whole = {"degree": "2", "prune": "TRUE", "thresh": "0.002", "target": "y"}
    assert tuned_names(recorded(job(1, 0.1, hyperparameters=whole))) == ["degree", "prune", "thresh"]
