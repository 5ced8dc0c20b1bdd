"""The `sagemaker` SDK of the second generation, unchanged: batch transforms and a serverless endpoint.

The model answers a line with the sum of its numbers plus 10.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.heavy.clients import SDK_V2
from tests.support.heavy.python_image import SERVES, TRAINS, python_image

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the story saw."""
    with python_image(tmp_path_factory.mktemp("sdk-v2-hosting"), {"train": TRAINS, "serve": SERVES}) as (aws, given):
        yield aws.hear(SDK_V2, "sdk_v2/hosting.py", given)


def test_an_estimators_transformer_splits_and_assembles_every_object(told: dict[str, Any]) -> None:
    found = told["of_estimator"]["found"]

    assert {name: [float(line) for line in text.split()] for name, text in found.items()} == {
        "a.csv.out": [13, 17],
        "b.csv.out": [21],
    }


def test_a_transformers_environment_is_described(told: dict[str, Any]) -> None:
    assert told["of_estimator"]["environment"] == {"UNIT": "cm"}


def test_a_models_transformer_filters_its_input_and_joins_it_with_the_predictions(told: dict[str, Any]) -> None:
    rows = [line.split(",") for line in told["of_model"]["c.csv.out"].split()]

    assert [(row, float(predicted)) for row, predicted in rows] == [("7", 13), ("8", 17)]


def test_a_manifest_names_what_is_transformed(told: dict[str, Any]) -> None:
    assert {name: float(text) for name, text in told["of_manifest"]["found"].items()} == {"yes.csv.out": 11}


def test_the_containers_log_is_shown(told: dict[str, Any]) -> None:
    assert "asked for 2 lines in mm" in told["logged"]


def test_a_transform_that_fails_raises_with_what_the_container_said(told: dict[str, Any]) -> None:
    assert "Failed. Reason: " in told["failed"]
    assert "could not convert string to float: 'many'" in told["failed"]


def test_a_transformer_attaches(told: dict[str, Any]) -> None:
    assert told["of_manifest"]["is_same_output"]
    assert told["of_manifest"]["is_same_model"]


def test_a_model_is_deployed_without_instances_and_predicts(told: dict[str, Any]) -> None:
    assert [float(row[0]) for row in told["serverless"]["predicted"]] == [13, 17]
    assert told["serverless"]["config"] == {"MemorySizeInMB": 1024, "MaxConcurrency": 2}
