"""The request says what the spec asks for, in SageMaker's words."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.algorithm import METRICS, OBJECTIVE
from chalicelib.tuning_request import (
    JobIdentity,
    identity_of,
    plain,
    same_job,
    tags_for,
)
from tests.support.contract.requests import FINGERPRINT, FOLDER, a_request

CONFIG, DEFINITION = "HyperParameterTuningJobConfig", "TrainingJobDefinition"


def test_a_tuning_job_is_nine_bayesian_three_at_a_time_for_the_least_mse() -> None:
    request = a_request()
    assert request[CONFIG] == {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 9, "MaxParallelTrainingJobs": 3},
        "ParameterRanges": {
            "IntegerParameterRanges": [{"Name": "degree", "MinValue": "1", "MaxValue": "2", "ScalingType": "Auto"}],
            "ContinuousParameterRanges": [
                {"Name": "thresh", "MinValue": "0.00001", "MaxValue": "0.01", "ScalingType": "Logarithmic"}
            ],
        },
        "TrainingJobEarlyStoppingType": "Off",
    }
    assert request[DEFINITION]["StaticHyperParameters"] == {"target": "Sepal.Length", "folds": "5"}


def test_each_channel_reads_a_prefix_that_ends_in_a_slash() -> None:
    channels = a_request()[DEFINITION]["InputDataConfig"]
    assert [channel["ChannelName"] for channel in channels] == ["train", "validation"]
    for channel in channels:
        assert channel["DataSource"]["S3DataSource"] == {
            "S3DataType": "S3Prefix",
            "S3Uri": f"{FOLDER}/data/{channel['ChannelName']}/",
            "S3DataDistributionType": "FullyReplicated",
        }


def test_training_jobs_are_isolated_and_bounded() -> None:
    definition = a_request()[DEFINITION]
    assert definition["EnableNetworkIsolation"] is True
    assert definition["EnableInterContainerTrafficEncryption"] is True
    assert "EnableManagedSpotTraining" not in definition
    assert definition["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600}


def test_a_range_of_one_value_is_static() -> None:
    request = a_request("single values")
    assert list(request[CONFIG]["ParameterRanges"]) == ["ContinuousParameterRanges"]
    static = request[DEFINITION]["StaticHyperParameters"]
    assert (static["degree"], static["prune"]) == ("2", "TRUE")


def test_a_seed_is_the_searchs_and_the_containers() -> None:
    request = a_request("seeded")
    assert request[CONFIG]["RandomSeed"] == 0
    assert request[DEFINITION]["StaticHyperParameters"]["seed"] == "0"


def test_the_container_is_told_about_missing_values_only_when_the_spec_speaks_of_them() -> None:
    assert a_request("missing values")[DEFINITION]["StaticHyperParameters"]["missing"] == "impute"
    assert "missing" not in a_request("classic")[DEFINITION]["StaticHyperParameters"]


@pytest.mark.parametrize(
    ("case", "column"), [("groups", {"folds_by": "customer"}), ("in order", {"folds_in_order_of": "day"})]
)
def test_the_container_is_told_the_column_of_the_folds_beside_their_number(case: str, column: dict[str, str]) -> None:
    assert a_request(case)[DEFINITION]["StaticHyperParameters"] == {"target": "Sepal.Length", "folds": "4", **column}


def test_every_further_metric_is_read_from_a_line_of_its_own() -> None:
    definitions = a_request("classic")[DEFINITION]["AlgorithmSpecification"]["MetricDefinitions"]
    log = ["fold 1 of 5: mean squared error 0.06", "train_error: 0.085", "rsq: 0.87", "terms: 6", "mse: 0.104"]
    read = {one["Name"]: [line for line in log if re.search(one["Regex"], line)] for one in definitions}
    assert {name: lines for name, lines in read.items() if lines} == {
        "mse": ["mse: 0.104"],
        "train_error": ["train_error: 0.085"],
        "rsq": ["rsq: 0.87"],
        "terms": ["terms: 6"],
    }


def test_a_grid_buys_each_combination_once() -> None:
    request = a_request("grid")
    assert request[CONFIG]["ResourceLimits"]["MaxNumberOfTrainingJobs"] == 6  # 2 × 3


def test_no_more_run_at_once_than_there_are() -> None:
    assert a_request("one job")[CONFIG]["ResourceLimits"] == {
        "MaxNumberOfTrainingJobs": 1,
        "MaxParallelTrainingJobs": 1,
    }


def test_spot_waits_at_most_as_long_again() -> None:
    definition = a_request("spot")[DEFINITION]
    assert definition["EnableManagedSpotTraining"] is True
    assert definition["StoppingCondition"] == {"MaxRuntimeInSeconds": 600, "MaxWaitTimeInSeconds": 1200}


def test_completion_criteria_are_passed_on() -> None:
    assert a_request("completion")[CONFIG]["TuningJobCompletionCriteria"] == {
        "TargetObjectiveMetricValue": 0.05,
        "BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3},
        "ConvergenceDetected": {"CompleteOnConvergence": "Enabled"},
    }


def test_a_request_survives_being_frozen_as_json() -> None:
    assert json.loads(json.dumps(a_request("all"))) == a_request("all")


@pytest.mark.parametrize(
    ("number", "text"),
    [(3, "3"), (0.001, "0.001"), (1e-07, "0.0000001"), (1e22, "10000000000000000000000"), (-2.5, "-2.5")],
)
def test_numbers_are_written_without_exponent(number: float, text: str) -> None:
    assert plain(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_plain_notation_loses_no_digit(number: float) -> None:
    assert float(plain(number)) == number
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain(number))


@pytest.mark.parametrize("line", ["mse: 0.0912", "mse: 12", "mse: -1.5e-3", "mse: +.5", "mse: 1E+10"])
def test_the_regex_reads_every_number_whole(line: str) -> None:
    (found,) = re.findall(METRICS[OBJECTIVE], line)
    assert float(found) == float(line.removeprefix("mse: "))


@pytest.mark.parametrize("text", ["mse: 0.5\nfold 1", "fold 1\nmse: 0.5", "fold 1\r\nmse: 0.5\r\nterms: 3"])
def test_the_regex_does_not_depend_on_where_the_log_is_split(text: str) -> None:
    assert re.findall(METRICS[OBJECTIVE], text) == ["0.5"]


@pytest.mark.parametrize("line", ["train_mse: 1", "mse: NaN", "mse: 1,5", "mse: 12.5.1", "rmse: 1", "mse:1"])
def test_the_regex_reads_nothing_else(line: str) -> None:
    assert re.findall(METRICS[OBJECTIVE], line) == []


def test_the_four_tags_cannot_be_replaced_by_the_users() -> None:
    tags = tags_for("retune", "iris", FINGERPRINT, 2, {"team": "a", "retune:dataset": "other"})
    assert tags == {
        "team": "a",
        "retune:stack": "retune",
        "retune:dataset": "iris",
        "retune:fingerprint": FINGERPRINT,
        "retune:attempt": "2",
    }
    assert identity_of(tags) == JobIdentity("retune", "iris", FINGERPRINT, 2)


@pytest.mark.parametrize("key", ["stack", "dataset", "fingerprint", "attempt"])
def test_a_job_is_the_same_only_if_all_four_tags_agree(key: str) -> None:
    wanted = tags_for("retune", "iris", FINGERPRINT, 1, {})
    assert same_job({**wanted, "team": "b"}, wanted)
    assert not same_job({**wanted, f"retune:{key}": "9"}, wanted)
    assert not same_job({name: value for name, value in wanted.items() if name != f"retune:{key}"}, wanted)


def test_no_tags_are_nobodys() -> None:
    assert identity_of({}) is None
    assert identity_of({**tags_for("s", "d", "f", 1, {}), "retune:attempt": "one"}) is None
    assert not same_job({}, {})


@pytest.mark.parametrize(("data_bytes", "gb"), [(0, 10), (1, 11), (10**9, 12), (25 * 10**9, 60)])
def test_the_volume_holds_the_data_twice_beside_ten_gigabytes(data_bytes: int, gb: int) -> None:
    request = a_request("classic", data_bytes=data_bytes)
    assert request[DEFINITION]["ResourceConfig"]["VolumeSizeInGB"] == gb


def test_no_more_metrics_are_read_than_a_tuning_job_may_have() -> None:
    assert len(METRICS) <= 20  # SageMaker's quota for a tuning job
