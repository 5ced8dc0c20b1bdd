"""Java's patterns as Python reads them, and values of a wrong type."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from local_sagemaker.sagemaker.protocol.patterns import matcher
from local_sagemaker.sagemaker.protocol.validation import service_model, validate, without_nulls
from support.sagemaker_world import World


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (".*", "a\tb", True),
        (".*", "a\nb", False),
        (".*", "a\rb", False),
        (".*", "a\u2028b", False),
        (".*", "a\x85b", False),
        ("[.]", "a", False),
        (r"a\.b", "axb", False),
        (r"[\S\s]*", "a\r\n\u2028b", True),
        (r"\d+K", "12K", True),
        (r"\d+K", "٣K", False),
        (r"\w+", "ä", False),
        (r"[\w]+", "a_1", True),
        (r"\S+", "a\u00a0b", True),  # Java's \s is ASCII only
        (r"\s", "\u00a0", False),
        (r"[\p{Alnum}\-]+", "us-east-1", True),
        (r"[\p{Alnum}\-]+", "ä", False),
        (r"[\p{L}\p{N}_]+", "ä٣_", True),
        (r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*", "a € (b)!", True),
        (r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*", "a\x00", False),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "a 🙂\t", True),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "a\n", False),
        (r"([\p{L}]*)${1,128}", "team", True),
        (r"(a-b)(?<!-)", "a-b", True),
        (r"[a-z]", "z\n", False),
    ],
)
def test_a_pattern_means_what_it_means_in_java(pattern: str, text: str, matches: bool) -> None:
    assert (matcher(pattern).fullmatch(text) is not None) == matches


def test_every_pattern_of_the_service_model_can_be_read() -> None:
    shapes = (service_model().shape_for(name).metadata for name in service_model().shape_names)

    assert len({matcher(limits["pattern"]) for limits in shapes if "pattern" in limits}) > 100


def test_a_string_without_end_is_refused_for_its_length_in_no_time() -> None:
    with pytest.raises(ServiceError, match="Member must have length less than or equal to 63"):
        validate("DescribeTrainingJob", {"TrainingJobName": "a-" * 2_000_000})


@pytest.mark.parametrize(
    ("member", "value", "says"),
    [
        ("TrainingJobName", 7, "NUMBER_VALUE can not be converted to a String"),
        ("TrainingJobName", True, "TRUE_VALUE can not be converted to a String"),
        ("TrainingJobName", ["a"], "Start of list found where not expected"),
        ("TrainingJobName", {"a": 1}, "Start of structure or map found where not expected."),
        ("StoppingCondition", {"MaxRuntimeInSeconds": "60"}, "STRING_VALUE can not be converted to an Integer"),
        ("StoppingCondition", {"MaxRuntimeInSeconds": True}, "TRUE_VALUE can not be converted to an Integer"),
        ("StoppingCondition", {"MaxRuntimeInSeconds": 60.5}, "NUMBER_VALUE can not be converted to an Integer"),
        ("StoppingCondition", {"MaxRuntimeInSeconds": 1 << 31}, "NUMBER_VALUE can not be converted to an Integer"),
        ("StoppingCondition", [], "Start of list found where not expected"),
        ("EnableNetworkIsolation", "yes", "STRING_VALUE can not be converted to a Boolean"),
        ("InputDataConfig", {}, "Expected list or null"),
        ("HyperParameters", "x=1", "Expected null or a structure or map"),
        ("HyperParameters", {"x": 1}, "NUMBER_VALUE can not be converted to a String"),
    ],
)
def test_a_value_of_a_wrong_type_is_a_serialization_exception(
    tmp_path: Path, member: str, value: Any, says: str
) -> None:
    request = {"TrainingJobName": "t", **World(None, tmp_path).definition(), member: value}

    with pytest.raises(ServiceError) as refused:
        validate("CreateTrainingJob", request)

    assert (refused.value.code, refused.value.message) == ("SerializationException", says)


@pytest.mark.parametrize("value", [10**400, 1e39, -1e39])
def test_a_float_that_32_bits_cannot_hold_is_a_serialization_exception(tmp_path: Path, value: float) -> None:
    request = World(None, tmp_path).tuning_request(TuningJobCompletionCriteria={"TargetObjectiveMetricValue": value})

    with pytest.raises(ServiceError, match="NUMBER_VALUE can not be converted to a Float"):
        validate("CreateHyperParameterTuningJob", request)


def test_a_null_is_a_member_that_is_not_there_and_no_item(tmp_path: Path) -> None:
    request = {"TrainingJobName": "t", **World(None, tmp_path).definition(), "Tags": None, "VpcConfig": None}

    validate("CreateTrainingJob", request)
    assert not {"Tags", "VpcConfig"} & without_nulls(request).keys()
    with pytest.raises(ServiceError, match=r"Value null at 'tags.1.member' failed .* Member must not be null"):
        validate("CreateTrainingJob", {**request, "Tags": [None]})
    with pytest.raises(ServiceError, match=r"Value null at 'hyperParameters.x.member' failed"):
        validate("CreateTrainingJob", {**request, "HyperParameters": {"x": None}})


def test_all_limits_of_a_plain_item_are_told_with_the_whole_list(tmp_path: Path) -> None:
    vpc = {"SecurityGroupIds": ["sg_1"], "Subnets": ["subnet-1"]}
    request = {"TrainingJobName": "t", **World(None, tmp_path).definition(), "VpcConfig": vpc}

    with pytest.raises(ServiceError) as refused:
        validate("CreateTrainingJob", json.loads(json.dumps(request)))

    limits = (
        "Member must have length less than or equal to 32, Member must have length greater than or equal to 0, "
        "Member must satisfy regular expression pattern: [-0-9a-zA-Z]+"
    )
    assert refused.value.message == (
        "1 validation error detected: Value '['sg_1']' at 'vpcConfig.securityGroupIds' failed to satisfy constraint: "
        f"Member must satisfy constraint: [{limits}]"
    )
