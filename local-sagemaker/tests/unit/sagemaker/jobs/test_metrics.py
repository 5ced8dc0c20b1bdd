"""Metrics, from what a program prints to the objective of a tuning job."""

from typing import Any

import pytest

from local_sagemaker.sagemaker.jobs.metrics import Scraper
from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.sagemaker_world import FAILS, METRIC, World

OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"
TENTH = 13421773 / 2**27
"""The 32-bit float next to 0.1, which has 24 bits: 0.1 x 2^27 = 13421772.8."""


def prints(*lines: str) -> str:
    return "\n".join(f"say({line!r})" for line in lines)


def metrics(ended: Any) -> dict[str, float]:
    return {found["MetricName"]: found["Value"] for found in ended.get("FinalMetricDataList", [])}


def grid(world: World, body: str, values: list[str], kind: str = "Minimize") -> str:
    ranges = {"CategoricalParameterRanges": [{"Name": "v", "Values": values}]}
    objective = {"Type": kind, "MetricName": "mse"}
    jobs = len(values)
    return world.tune(body, jobs, Strategy="Grid", ParameterRanges=ranges, HyperParameterTuningJobObjective=objective)


def specification(world: World, body: str, *definitions: dict[str, str]) -> dict[str, Any]:
    return {"TrainingImage": world.image(body), "TrainingInputMode": "File", "MetricDefinitions": list(definitions)}


def test_of_each_metric_the_last_value_counts(world: World) -> None:
    body = prints("epoch 1 mse=0.5; mae=3", "epoch 2 mse=0.25;", "nothing to see", "the mse is low")
    asked = specification(
        world, body, {"Name": "mse", "Regex": "mse=(.*?);"}, {"Name": "mae", "Regex": "mae=([0-9.]+)"}
    )

    ended = world.trained(world.train(AlgorithmSpecification=asked))

    assert metrics(ended) == {"mse": 0.25, "mae": 3.0}


def test_what_is_written_to_stderr_counts_as_well(world: World) -> None:
    ended = world.trained(world.train("sys.stderr.write('mse=0.5\\n')"))

    assert metrics(ended) == {"mse": 0.5}


@pytest.mark.parametrize(
    ("printed", "kept"),
    [("0.1", TENTH), ("16777217", 2.0**24), ("-2.5e-3", -10737418 / 2**32), ("1e38", 9860761 * 2.0**103)],
)  # fmt: skip
def test_a_value_is_kept_as_the_nearest_32_bit_float(printed: str, kept: float) -> None:
    assert Scraper([METRIC]).read(f"mse={printed}") == {"mse": kept}


@pytest.mark.parametrize("printed", ["nan", "NaN", "inf", "-inf", "Infinity", "1e39", "-1e39", "none", ""])
def test_what_is_no_finite_number_is_no_value(printed: str) -> None:
    assert Scraper([METRIC]).read(f"mse={printed}") == {}


def test_a_group_that_took_no_part_in_the_match_is_no_value() -> None:
    scraper = Scraper([{"Name": "mse", "Regex": "mse=([0-9.]+)|diverged"}])

    assert scraper.read("diverged") == {}
    assert scraper.read("mse=2") == {"mse": 2.0}


@pytest.mark.parametrize("kind", ["Minimize", "Maximize"])
@pytest.mark.parametrize("odd", ["nan", "inf", "-inf"])
def test_neither_nan_nor_an_infinite_objective_is_ever_the_best(world: World, kind: str, odd: str) -> None:
    name = grid(world, "say('mse=' + given['v'])", [odd, "2"], kind)

    found = world.tuned(name)

    assert found["BestTrainingJob"]["TunedHyperParameters"] == {"v": "2"}
    assert found["ObjectiveStatusCounters"] == {"Succeeded": 1, "Pending": 0, "Failed": 1}
    assert [row["ObjectiveStatus"] for row in world.training_jobs(name)] == ["Failed", "Succeeded"]


def test_the_objective_is_shown_as_a_32_bit_float(world: World) -> None:
    name = grid(world, prints("mse=0.1"), ["1"])

    best = world.tuned(name)["BestTrainingJob"]

    assert best[OBJECTIVE] == {"Type": "Minimize", "MetricName": "mse", "Value": TENTH}


def test_a_failed_training_job_is_not_the_best_though_it_printed_the_best_value(world: World) -> None:
    name = grid(world, f"say('mse=' + given['v'])\nif given['v'] == '1':\n    {FAILS}", ["1", "2"])

    found = world.tuned(name)

    assert found["BestTrainingJob"]["TunedHyperParameters"] == {"v": "2"}
    first, second = world.training_jobs(name)
    assert first["ObjectiveStatus"] == "Failed" and OBJECTIVE not in first
    assert second[OBJECTIVE]["Value"] == 2.0


def test_a_value_is_final_only_once_the_training_job_has_ended(world: World) -> None:
    name = grid(world, "say('mse=1'); time.sleep(60)", ["1"])
    world.awake(1)

    (row,) = world.training_jobs(name)

    assert row["ObjectiveStatus"] == "Pending" and OBJECTIVE not in row


def test_the_first_of_two_equals_is_the_best(world: World) -> None:
    found = world.tuned(grid(world, prints("mse=1"), ["1", "2", "3"]))

    assert found["BestTrainingJob"]["TunedHyperParameters"] == {"v": "1"}


def test_a_regular_expression_that_is_none_is_refused(world: World) -> None:
    request = world.tuning_request()
    request["TrainingJobDefinition"]["AlgorithmSpecification"]["MetricDefinitions"] = [
        {"Name": "mse", "Regex": "mse=("}
    ]

    with pytest.raises(ServiceError, match="Regex of the metric mse") as refused:
        world.call("CreateHyperParameterTuningJob", **request)

    assert refused.value.code == "ValidationException"
