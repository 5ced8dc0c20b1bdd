"""The List calls: pages, filters and order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.sagemaker_world import FAILS, SLEEPS, World, a_world

TRAININGS, TUNINGS = "ListTrainingJobs", "ListHyperParameterTuningJobs"
TRAININGS_OF = "ListTrainingJobsForHyperParameterTuningJob"
ROWS = {TRAININGS: "TrainingJob", TUNINGS: "HyperParameterTuningJob", TRAININGS_OF: "TrainingJob"}
"""The beginning of the names of an answer's members."""
NUMBER = {TRAININGS: 11 + 11, TUNINGS: 1 + 11, TRAININGS_OF: 11}


@dataclass(frozen=True)
class Listed:
    """A world with a tuning job `tuning` of 11 training jobs and 11 more tuning jobs of one each, all ended."""

    world: World
    tuning: str

    def page(self, operation: str, **request: Any) -> Any:
        of = {"HyperParameterTuningJobName": self.tuning} if operation == TRAININGS_OF else {}
        return self.world.call(operation, **of, **request)

    def rows(self, operation: str, **request: Any) -> list[Any]:
        rows: list[Any] = self.page(operation, **{"MaxResults": 100, **request})[f"{ROWS[operation]}Summaries"]
        return rows

    def members(self, operation: str, member: str, **request: Any) -> list[Any]:
        return [row[ROWS[operation] + member] for row in self.rows(operation, **request)]


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listed]:
    """The training jobs of `tuning` print 5, fail, print 4, print no number, print 3, and then print 6 to 11."""
    printed = ["5", "fail", "4", "-", "3", *map(str, range(6, 12))]
    ranges = {"CategoricalParameterRanges": [{"Name": "v", "Values": printed}]}
    body = f"if given['v'] == 'fail':\n    {FAILS}\nsay('mse=' + given['v'])"
    with a_world(None, tmp_path_factory.mktemp("world")) as world:
        tuning = world.tune(body, 11, Strategy="Grid", ParameterRanges=ranges)
        for name in (tuning, *(world.tune("say('mse=1')", jobs=1) for _ in range(11))):
            world.tuned(name)
        yield Listed(world, tuning)


@pytest.mark.parametrize("operation", ROWS)
@pytest.mark.parametrize("size", [1, 4, 11, 12, 100])
@pytest.mark.parametrize("order", ["Ascending", "Descending"])
def test_the_pages_together_have_every_row_once(listed: Listed, operation: str, size: int, order: str) -> None:
    asked: dict[str, Any] = {"MaxResults": size, "SortBy": "CreationTime", "SortOrder": order}

    answers = [listed.page(operation, **asked)]
    while token := answers[-1].get("NextToken"):
        answers.append(listed.page(operation, **asked, NextToken=token))

    pages = [[row[f"{ROWS[operation]}Arn"] for row in answer[f"{ROWS[operation]}Summaries"]] for answer in answers]
    arns = [arn for page in pages for arn in page]
    assert len(arns) == len(set(arns)) == NUMBER[operation]
    assert [len(page) for page in pages[:-1]] == [size] * ((NUMBER[operation] - 1) // size)


@pytest.mark.parametrize("operation", ROWS)
def test_a_page_has_ten_rows_unless_asked_otherwise(listed: Listed, operation: str) -> None:
    answer = listed.page(operation)

    assert len(answer[f"{ROWS[operation]}Summaries"]) == 10 and "NextToken" in answer


@pytest.mark.parametrize("token", ["rubbish!", "cnViYmlzaA==", "W10=", "MTI=", "W1siYSJdLCAxLCAxXQ=="])
def test_a_token_that_came_from_no_page_is_refused(listed: Listed, token: str) -> None:
    with pytest.raises(ServiceError, match="NextToken") as refused:
        listed.page(TRAININGS, NextToken=token)

    assert refused.value.code == "ValidationException"


@pytest.mark.parametrize(
    ("operation", "by_default"), [(TRAININGS, "CreationTime"), (TUNINGS, "Name"), (TRAININGS_OF, "Name")]
)
def test_rows_are_in_the_order_of_the_documented_default(listed: Listed, operation: str, by_default: str) -> None:
    member = by_default if by_default == "CreationTime" else ROWS[operation] + by_default

    found = [row[member] for row in listed.rows(operation)]

    assert found == sorted(found)


@pytest.mark.parametrize("operation", ROWS)
@pytest.mark.parametrize("key", ["Name", "CreationTime", "Status"])
def test_rows_are_sorted_as_asked(listed: Listed, operation: str, key: str) -> None:
    member = key if key == "CreationTime" else ROWS[operation] + key

    up, down = (
        [row[member] for row in listed.rows(operation, SortBy=key, SortOrder=order)]
        for order in ("Ascending", "Descending")
    )

    assert up == sorted(up) and down == sorted(up, reverse=True)
    assert len(up) == len(down) == NUMBER[operation]


@pytest.mark.parametrize(("order", "step"), [("Ascending", 1), ("Descending", -1)])
def test_sorted_by_objective_the_rows_without_one_are_left_out(listed: Listed, order: str, step: int) -> None:
    rows = listed.rows(TRAININGS_OF, SortBy="FinalObjectiveMetricValue", SortOrder=order)

    values = [row["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for row in rows]
    assert values == [float(number) for number in range(3, 12)][::step]


@pytest.mark.parametrize("operation", ROWS)
@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped"])
def test_rows_can_be_asked_for_by_status(listed: Listed, operation: str, status: str) -> None:
    failed = 0 if operation == TUNINGS else 1
    number = {"Completed": NUMBER[operation] - failed, "Failed": failed, "Stopped": 0}[status]

    assert listed.members(operation, "Status", StatusEquals=status) == [status] * number


@pytest.mark.parametrize("operation", [TRAININGS, TUNINGS])
def test_rows_can_be_asked_for_by_a_part_of_their_name(listed: Listed, operation: str) -> None:
    part = listed.tuning[3:]

    found = listed.members(operation, "Name", NameContains=part)

    every = listed.members(operation, "Name")
    assert found == [name for name in every if part in name] != every
    assert found


@pytest.mark.parametrize("operation", [TRAININGS, TUNINGS])
@pytest.mark.parametrize("kind", ["CreationTime", "LastModifiedTime"])
@pytest.mark.parametrize("as_text", [False, True])
def test_rows_can_be_asked_for_by_time_without_the_very_moment(
    listed: Listed, operation: str, kind: str, as_text: bool
) -> None:
    times = sorted(row[kind] for row in listed.rows(operation))
    moment = times[len(times) // 2]
    asked = datetime.fromtimestamp(moment, UTC).isoformat() if as_text else moment
    moment = datetime.fromisoformat(asked).timestamp() if as_text else moment

    after = [row[kind] for row in listed.rows(operation, **{f"{kind}After": asked})]
    before = [row[kind] for row in listed.rows(operation, **{f"{kind}Before": asked})]

    assert sorted(after) == [time for time in times if time > moment]
    assert sorted(before) == [time for time in times if time < moment]


def test_filters_narrow_each_other(listed: Listed) -> None:
    first = min(row["CreationTime"] for row in listed.rows(TRAININGS))

    assert not listed.rows(TRAININGS, StatusEquals="Failed", CreationTimeBefore=first)
    assert len(listed.rows(TRAININGS, StatusEquals="Failed", NameContains=listed.tuning, CreationTimeAfter=first)) == 1


def test_a_job_that_runs_is_listed_as_in_progress(tmp_path: Path) -> None:
    with a_world(None, tmp_path) as world:
        name = world.tune(SLEEPS, jobs=1)
        world.awake(1)

        (tuning,) = world.call(TUNINGS, StatusEquals="InProgress")["HyperParameterTuningJobSummaries"]
        (training,) = world.call(TRAININGS, StatusEquals="InProgress")["TrainingJobSummaries"]

        assert (tuning["HyperParameterTuningJobName"], tuning["Strategy"]) == (name, "Random")
        assert "HyperParameterTuningEndTime" not in tuning and "TrainingEndTime" not in training
