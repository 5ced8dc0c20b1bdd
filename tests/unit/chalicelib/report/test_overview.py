"""The page of all datasets: what it shows, where its links lead, and that foreign text stays text."""

from typing import Any

from chalicelib.report.overview import render_overview
from chalicelib.state import JobItem, JobStatus, Known
from tests.support.html import EVIL, Elements
from tests.support.tuned import NAME, T0

CHAMPION = {
    "tuning_job": NAME,
    "training_job": f"{NAME}-001-0f0444b1",
    "objective": 0.10384,
    "model_uri": f"s3://data/tuning/iris/{NAME}/output/model.tar.gz",
    "version": 3,
}


def attempt(number: int, status: JobStatus, **changes: Any) -> JobItem:
    name = f"{NAME[:-1]}{number}"
    return JobItem("iris", "1234abcd" * 8, number, name, status, at=T0 + number, **changes)


def test_each_dataset_shows_its_champion_and_every_attempt() -> None:
    failed = attempt(2, JobStatus.FAILED, reason="9 of 9 training jobs failed", record_uri="s3://data/r.json")
    won = attempt(1, JobStatus.COMPLETED, objective=0.10384, record_uri="s3://data/r.json")

    found = Elements(render_overview([Known("iris", CHAMPION, (failed, won)), Known("sales", None, ())]))

    for said in ("iris", "sales", "mse 0.1038", "Champion number 3", "Failed: 9 of 9 training jobs failed"):
        assert said in found.text, said
    assert found.text.count("There is no model yet.") == 1
    assert "2027-01-15 08:00:02 UTC" in found.text  # T0 and two seconds


def test_every_link_leads_to_a_report_beside_the_page_and_only_reports_that_exist_are_linked() -> None:
    won = attempt(1, JobStatus.COMPLETED, record_uri="s3://data/r.json")
    running = attempt(2, JobStatus.STARTED)

    found = Elements(render_overview([Known("iris", CHAMPION, (running, won))]))

    links = [attributes["href"] for tag, attributes in found.tags if tag == "a"]
    assert links == [f"iris/{NAME}/report.html"] * 2  # the champion's, and its attempt's


def test_foreign_text_is_shown_as_text_and_nothing_is_loaded_run_or_sent() -> None:
    evil = attempt(1, JobStatus.REJECTED, reason=EVIL)

    found = Elements(render_overview([Known("iris", {**CHAMPION, "model_uri": EVIL}, (evil,))]))

    assert found.text.count(EVIL) == 2
    assert {tag for tag, _ in found.tags}.isdisjoint({"script", "img", "link", "iframe", "form", "object"})


def test_without_any_dataset_it_says_how_one_begins() -> None:
    assert "datasets/<dataset>/train/" in Elements(render_overview([])).text
