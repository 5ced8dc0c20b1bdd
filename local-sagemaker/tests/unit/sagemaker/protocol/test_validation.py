"""Requests against SageMaker's own model of them: what botocore lets pass and AWS does not."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from local_sagemaker.sagemaker.protocol.validation import validate
from support.sagemaker_world import ARN, World

CREATE = "CreateHyperParameterTuningJob"


@pytest.fixture
def request_(tmp_path: Path) -> dict[str, Any]:
    return World(None, tmp_path).tuning_request()


def broken(operation: str, request: dict[str, Any]) -> str:
    """The message of the refusal."""
    with pytest.raises(ServiceError) as refused:
        validate(operation, request)
    assert refused.value.code == "ValidationException"
    return refused.value.message


def with_a_tag(key: str) -> dict[str, Any]:
    return {"ResourceArn": f"{ARN}:training-job/t", "Tags": [{"Key": key, "Value": ""}]}


def is_accepted(key: str) -> bool:
    try:
        validate("AddTags", with_a_tag(key))
    except ServiceError:
        return False
    return True


def test_a_whole_request_is_accepted(request_: dict[str, Any]) -> None:
    validate(CREATE, request_)


@pytest.mark.parametrize("name", ["a_b", "-a", "a-", "ä", "a\n"])
def test_a_name_outside_of_its_pattern_is_refused_in_the_words_of_aws(request_: dict[str, Any], name: str) -> None:
    message = broken(CREATE, {**request_, "HyperParameterTuningJobName": name})

    assert message == (
        f"1 validation error detected: Value '{name}' at 'hyperParameterTuningJobName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}"
    )


@pytest.mark.parametrize("length", [32, 33])
def test_a_name_has_at_most_32_characters(request_: dict[str, Any], length: int) -> None:
    asked = {**request_, "HyperParameterTuningJobName": "a" * length}

    if length == 32:
        validate(CREATE, asked)
    else:
        assert "Member must have length less than or equal to 32" in broken(CREATE, asked)


@pytest.mark.parametrize(
    ("member", "value", "where", "constraint"),
    [
        ("Strategy", "Best", "strategy", "Member must satisfy enum value set: ["),
        ("Strategy", None, "strategy", "Member must not be null"),
        ("RandomSeed", -1, "randomSeed", "Member must have value greater than or equal to 0"),
        (
            "ResourceLimits",
            {"MaxParallelTrainingJobs": 1, "MaxRuntimeInSeconds": 119},
            "resourceLimits.maxRuntimeInSeconds",
            "Member must have value greater than or equal to 120",
        ),
        (
            "ParameterRanges",
            {"CategoricalParameterRanges": [{"Name": "c", "Values": []}]},
            "parameterRanges.categoricalParameterRanges.1.member.values",
            "Member must have length greater than or equal to 1",
        ),
    ],
)
def test_a_config_that_breaks_the_model_is_refused(
    request_: dict[str, Any], member: str, value: Any, where: str, constraint: str
) -> None:
    request_["HyperParameterTuningJobConfig"][member] = value

    message = broken(CREATE, request_)

    assert message.startswith("1 validation error detected: Value ")
    assert f" at 'hyperParameterTuningJobConfig.{where}' failed to satisfy constraint: {constraint}" in message


def test_a_member_that_the_model_does_not_know_is_refused(request_: dict[str, Any]) -> None:
    request_["HyperParameterTuningJobConfig"]["Seed"] = 1

    assert "Unknown member 'hyperParameterTuningJobConfig.seed'" in broken(CREATE, request_)


def test_every_constraint_that_is_broken_is_named() -> None:
    message = broken("CreateTrainingJob", {"TrainingJobName": "a_b"})

    assert message.startswith("3 validation errors detected: ")
    assert all(f"at '{member}'" in message for member in ("trainingJobName", "roleArn", "outputDataConfig"))


def test_limits_hold_for_the_keys_and_values_of_a_map(request_: dict[str, Any]) -> None:
    request_["TrainingJobDefinition"]["StaticHyperParameters"] = {"k" * 257: "v" * 2501}

    assert broken(CREATE, request_).startswith("2 validation errors detected: ")


@given(st.characters(categories=["L", "Z", "N"]) | st.sampled_from("_.:/=+-@") | st.characters())
def test_a_tag_key_has_letters_separators_numbers_and_eight_signs_only(character: str) -> None:
    is_of_the_pattern = unicodedata.category(character)[0] in "LZN" or character in "_.:/=+-@"

    assert is_accepted(character) == is_of_the_pattern


@pytest.mark.parametrize("white", ["\t", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1f", "\x85"])
def test_white_space_that_is_no_separator_is_refused_in_a_tag(white: str) -> None:
    assert white.isspace()
    assert not is_accepted(f"team{white}a")
    assert is_accepted("team a")
