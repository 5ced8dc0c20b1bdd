"""Condition operators, as IAM's user guide describes them."""

from typing import Any

import pytest

from local_sagemaker.iam.conditions import UnknownOperator, holds, like

GIVEN = {
    "aws:sourcearn": ("arn:aws:events:eu-west-1:1:rule/a-b",),
    "sagemaker:instancetypes": ("ml.m5.large", "ml.m5.xlarge"),
    "sagemaker:maxruntimeinseconds": ("3600",),
    "sagemaker:networkisolation": ("true",),
    "s3:prefix": ("tuning/x/",),
}
ABSENT = "sagemaker:VolumeKmsKey"
TWO = "sagemaker:InstanceTypes"


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "is_met"),
    [
        ("StringEquals", "s3:prefix", "tuning/x/", True),
        ("StringEquals", "S3:Prefix", ["other", "tuning/x/"], True),
        ("StringEquals", "s3:prefix", "tuning/*", False),
        ("StringEquals", "s3:prefix", "Tuning/x/", False),
        ("StringEqualsIgnoreCase", "s3:prefix", "Tuning/X/", True),
        ("StringNotEquals", "s3:prefix", ["other", "tuning/x/"], False),
        ("StringNotEquals", "s3:prefix", ["other", "another"], True),
        ("StringLike", "s3:prefix", "tuning/*", True),
        ("StringLike", "s3:prefix", "tuning/?/", True),
        ("StringLike", "s3:prefix", "tuning/?", False),
        ("StringNotLike", "s3:prefix", "tuning/*", False),
        ("ArnLike", "aws:SourceArn", "arn:aws:events:*:1:rule/a-*", True),
        ("ArnLike", "aws:SourceArn", "arn:aws:events:*:rule/a-b", False),
        ("ArnEquals", "aws:SourceArn", "arn:aws:events:*:1:rule/*", True),
        ("ArnNotLike", "aws:SourceArn", "arn:aws:events:*:1:rule/*", False),
        ("NumericEquals", "sagemaker:MaxRuntimeInSeconds", "3600.0", True),
        ("NumericNotEquals", "sagemaker:MaxRuntimeInSeconds", "3600", False),
        ("NumericLessThan", "sagemaker:MaxRuntimeInSeconds", 3600, False),
        ("NumericLessThanEquals", "sagemaker:MaxRuntimeInSeconds", 3600, True),
        ("NumericGreaterThan", "sagemaker:MaxRuntimeInSeconds", 3599, True),
        ("NumericGreaterThanEquals", "sagemaker:MaxRuntimeInSeconds", 3601, False),
        ("NumericLessThanEquals", "s3:prefix", 3600, False),
        ("Bool", "sagemaker:NetworkIsolation", "true", True),
        ("Bool", "sagemaker:NetworkIsolation", True, True),
        ("Bool", "sagemaker:NetworkIsolation", "false", False),
    ],
)
def test_an_operator_compares_its_way(operator: str, key: str, wanted: Any, is_met: bool) -> None:
    assert holds({operator: {key: wanted}}, GIVEN) is is_met


@pytest.mark.parametrize(
    ("operator", "wanted", "is_met"),
    [
        ("ForAllValues:StringEquals", ["ml.m5.large", "ml.m5.xlarge", "ml.c5.large"], True),
        ("ForAllValues:StringEquals", ["ml.m5.large"], False),
        ("ForAllValues:StringNotEquals", ["ml.c5.large"], True),
        ("ForAllValues:StringNotEquals", ["ml.m5.large"], False),
        ("ForAnyValue:StringEquals", ["ml.m5.large"], True),
        ("ForAnyValue:StringEquals", ["ml.c5.large"], False),
        ("ForAnyValue:StringNotEquals", ["ml.m5.large"], True),
    ],
)
def test_of_several_values_all_or_any_must_match(operator: str, wanted: list[str], is_met: bool) -> None:
    assert holds({operator: {TWO: wanted}}, GIVEN) is is_met


@pytest.mark.parametrize(
    ("operator", "is_met"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("Bool", False),
        ("StringNotEquals", True),
        ("StringEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
def test_a_key_that_the_call_does_not_have_is_met_by_few(operator: str, is_met: bool) -> None:
    assert holds({operator: {ABSENT: "x"}}, GIVEN) is is_met


def test_null_asks_whether_a_key_is_there() -> None:
    assert holds({"Null": {ABSENT: "true", TWO: "false"}}, GIVEN)
    assert not holds({"Null": {TWO: "true"}}, GIVEN)
    assert not holds({"Null": {ABSENT: False}}, GIVEN)


def test_every_operator_and_every_key_must_match() -> None:
    met = {"Bool": {"sagemaker:NetworkIsolation": "true"}}

    assert holds({**met, "StringLike": {"s3:prefix": "tuning/*"}}, GIVEN)
    assert not holds({**met, "StringLike": {"s3:prefix": "datasets/*"}}, GIVEN)
    assert not holds({"StringLike": {"s3:prefix": "tuning/*", ABSENT: "*"}}, GIVEN)


@pytest.mark.parametrize("operator", ["DateLessThan", "IpAddress", "ForEachValue:StringEquals", "StringEqual"])
def test_an_operator_that_nobody_here_knows_is_no_silent_yes(operator: str) -> None:
    with pytest.raises(UnknownOperator, match=operator):
        holds({operator: {"s3:prefix": "tuning/x/"}}, GIVEN)


def test_only_stars_and_question_marks_stand_for_others() -> None:
    assert like("a[1].b+c\n", "a[1].b+*")
    assert not like("a1.b", "a[1].b")
    assert not like("axb", "a.b")
