"""What is told, in SNS's limits, whatever others wrote into it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Problem
from chalicelib.events import BuildEnded
from chalicelib.messages import image as image_messages
from chalicelib.messages import tuning as messages
from chalicelib.messages.tuning import Cause, Message, publish_arguments
from tests.support.tuned import MANIFEST, NAME, T0, failed, job, metrics, recorded

NINE = [job(number, 0.1 + number / 100) for number in range(1, 10)]
PROBLEM = Problem("train/a.csv line 3", "has 2 fields, its header has 3", "the file may be cut off", "row-width")
REFUSED = Cause("data-refused", "row-width", "listing", 1)
QUOTA = Cause("quota-used-up", "ml.m5.large for training job usage", "listing", 1)
NO_IMAGE = Cause("no-training-image", "", "listing", 1)


def every_kind(dirt: str = "") -> list[Message]:
    """One of each message; `dirt` goes wherever others' words go."""
    manifest = {**MANIFEST, "warnings": [f"odd{dirt}"]}
    return [
        messages.tuning_ended(recorded(*NINE, failed(10, f"bad{dirt}"), manifest=manifest)),
        messages.tuning_ended(recorded(failed(1, f"bad{dirt}"), status="Failed", failure=f"none{dirt}")),
        messages.tuning_ended(recorded(job(1, 0.1), status="Stopped")),
        messages.data_refused("iris", [PROBLEM, Problem(f"x{dirt}", "is odd")], REFUSED),
        messages.tuning_blocked("iris", f"ResourceLimitExceeded: 0 instances{dirt}", T0, QUOTA),
        image_messages.build_ended(
            BuildEnded("arn:build/x:1", f"image{dirt}", "FAILED", f"BUILD: no{dirt}", "https://log"), log=[dirt] * 20
        ),
        image_messages.image_changed(2, "repo@sha256:2", "repo@sha256:1", f"tag{dirt}"),
    ]


def test_a_completed_tuning_job_gives_value_jobs_and_cost_in_the_subject() -> None:
    message = messages.tuning_ended(recorded(*NINE))
    # 9 × 36 s at $0.1152 an hour = $0.0104
    assert message.subject == "[retune] iris: mse 0.11 (9 training jobs, $0.01)"
    assert message.id == f"tuning-ended:{NAME}"


def test_the_body_gives_verdict_hyperparameters_model_cost_fingerprint_id_and_command() -> None:
    record = recorded(*NINE, failed(10, "no memory"))
    body = messages.tuning_ended(record).body
    assert body.startswith("The best MARS model for iris has mse 0.11, measured on rows it was not fitted\nto.")
    assert "  degree  2\n  prune   TRUE\n  thresh  0.001\n" in body
    for said in (
        record["best"]["model_uri"],
        f"tuning/iris/{NAME}/record.json",
        "9 of 10 completed",
        "1 x no memory",
        "prices of 20",
        "Warning: train/iris.csv has 1 duplicate row, which counts twice.",
        record["data"]["fingerprint"],
        f"tuning-ended:{NAME}",
        "Next: ./retune best iris",
    ):
        assert said in " ".join(body.split()), said


def test_the_body_gives_other_errors_the_engine_and_that_the_mean_is_as_good() -> None:
    logged = metrics(error_of_mean=0.1, error_of_linear=0.2, compiled=0, members=1)
    body = " ".join(messages.tuning_ended(recorded(job(1, 0.1, metrics=logged))).body.split())
    for said in (
        "It predicts no better than the target's mean.",
        "On the same rows root mean squared error 0.3162 mean absolute error 0.25",
        "Fitted by the engine earth: one fit to all rows, with 14 terms.",
    ):
        assert said in body, said
    assert "least squares)" not in body


def test_a_new_champion_says_by_how_much() -> None:
    before = {"tuning_job": "retune-iris-0-a1", "objective": 0.2}
    champion = {"promoted": True, "current": {"tuning_job": NAME, "objective": 0.15}, "previous": before}
    body = messages.tuning_ended(recorded(job(1, 0.15), champion=champion)).body
    assert "new champion: its mse is 25.0% below" in body  # 1 − 0.15 / 0.2


def test_a_model_that_is_no_better_says_which_stays() -> None:
    champion = {"promoted": False, "current": {"tuning_job": "retune-iris-0-a1", "objective": 0.05}}
    message = messages.tuning_ended(recorded(job(1, 0.15), champion=champion))
    assert "does not beat the champion, retune-iris-0-a1 (mse 0.05)." in " ".join(message.body.split())
    assert message.data["promoted"] is False


def test_a_failed_tuning_job_says_so_and_asks_to_explain() -> None:
    message = messages.tuning_ended(recorded(failed(1, "no target column"), status="Failed"))
    assert message.subject == "[retune] iris: tuning failed (1 training job, under $0.01)"
    assert "no target column" in message.body and "./retune explain iris" in message.body
    assert message.data["best"] is None


def test_a_stopped_tuning_job_with_a_model_tells_both() -> None:
    subject = messages.tuning_ended(recorded(job(1, 0.1), status="Stopped")).subject
    assert subject == "[retune] iris: mse 0.1 (stopped, 1 training job, under $0.01)"


def test_a_refusal_numbers_every_problem_and_says_that_nothing_was_paid() -> None:
    message = messages.data_refused("iris", [PROBLEM, Problem("tuning.json", "is not JSON")], REFUSED)
    assert message.subject == "[retune] iris: refused, 2 problems"
    assert (
        "1. train/a.csv line 3 has 2 fields, its header has 3: the file may be cut off.\n2. tuning.json is not JSON.\n"
    ) in message.body
    assert "no training job was started, and nothing was paid" in message.body


def test_a_thousand_problems_are_counted_and_thirty_shown() -> None:
    problems = [Problem(f"line {number}", "is odd") for number in range(1000)]
    message = messages.data_refused("iris", problems, REFUSED)
    assert "30. line 29 is odd." in message.body and "... and 970 more." in message.body


def test_where_quotas_are_raised_is_said_of_a_quota_only() -> None:
    quota = messages.tuning_blocked("iris", "An AWS quota of this account is used up: 0 instances.", T0, QUOTA)
    image = messages.tuning_blocked("iris", "No training image has been published yet.", T0, NO_IMAGE)

    assert "Service Quotas" in quota.body
    assert "Quotas" not in image.body and "retries it automatically" in image.body


def test_a_message_is_known_by_its_cause_and_episode_and_not_by_its_words_or_the_moment() -> None:
    refused = messages.data_refused("iris", [PROBLEM], REFUSED)
    blocked = messages.tuning_blocked("iris", "A quota is used up.", T0, QUOTA)

    reworded = [replace(PROBLEM, what="is two fields wide, and its header three")]
    assert refused.id == messages.data_refused("iris", reworded, REFUSED).id
    assert blocked.id == messages.tuning_blocked("iris", "AWS refuses a third job.", T0 + 900, QUOTA).id
    others = [replace(REFUSED, episode=2), replace(REFUSED, listing="another"), replace(REFUSED, about="no-target")]
    ids = [messages.data_refused("iris", [PROBLEM], cause).id for cause in (REFUSED, *others)]
    assert len({*ids, messages.data_refused("flowers", [PROBLEM], REFUSED).id, blocked.id}) == 6


def test_machines_get_the_codes_of_what_is_wrong() -> None:
    message = messages.data_refused("iris", [PROBLEM], REFUSED)

    assert (message.data["code"], message.data["problem_codes"]) == ("data-refused", ["row-width"])


@pytest.mark.parametrize("dirt", ["", "\r\nSubject: x\x00\x1b[31m\u2028", "\u202e" + "é" * 5000, " word" * 9000])
def test_subject_and_body_are_clean_short_and_narrow_whatever_others_wrote(dirt: str) -> None:
    for message in every_kind(dirt):
        assert len(message.subject) < 100 and message.subject.isprintable() and message.subject.isascii()
        assert all(line.isprintable() for line in message.body.split("\n"))
        wide = [line for line in message.body.split("\n") if len(line) > 80 and " " in line.strip()]
        assert wide == []


def test_a_name_of_any_length_leaves_the_verdict_in_the_subject() -> None:
    message = messages.tuning_ended({**recorded(*NINE), "dataset": "d" * 63})
    assert len(message.subject) < 100
    assert message.subject.endswith("...: mse 0.11 (9 training jobs, $0.01)")


def test_machines_get_json_and_people_text_under_one_id() -> None:
    message = messages.tuning_ended(recorded(*NINE))
    arguments = publish_arguments(message)
    by_protocol = json.loads(arguments["Message"])
    assert by_protocol["default"] == message.body
    assert json.loads(by_protocol["sqs"]) == json.loads(by_protocol["lambda"]) == message.data
    assert message.data["best"]["training_job"].startswith(NAME)
    values = {name: value["StringValue"] for name, value in arguments["MessageAttributes"].items()}
    assert values == {"id": message.id, "kind": "tuning-ended", "dataset": "iris", "status": "Completed"}
    assert arguments["MessageStructure"] == "json" and arguments["Subject"] == message.subject


def test_no_message_is_larger_than_sns_takes() -> None:
    huge: dict[str, Any] = {f'"{number}"\\': '"\\' * 1200 for number in range(99)}
    record = recorded(job(1, 0.1, hyperparameters=huge), *(failed(n, "𝄞" * 1024 * n) for n in range(2, 99)))
    record["warnings"] = ["𝄞" * 1024] * 99
    for message in (messages.tuning_ended(record), messages.data_refused("d", [Problem("𝄞" * 999, "x")] * 99, REFUSED)):
        arguments = publish_arguments(message)
        assert len(arguments["Message"].encode()) < 256 * 1024
        assert message.id in message.body
        assert json.loads(json.loads(arguments["Message"])["sqs"])["id"] == message.id
