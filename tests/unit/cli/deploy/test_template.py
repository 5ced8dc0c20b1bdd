"""A template with its parameters put in."""

from typing import Any

import pytest

from cli.deploy.template import resources_of

HERE = {"AWS::Region": "eu-central-1", "AWS::Partition": "aws"}


def evaluated(value: Any, **parameters: str) -> Any:
    """What becomes of one property."""
    template = {
        "Parameters": {
            "Size": {"Type": "Number", "Default": 3},
            "Names": {"Type": "CommaDelimitedList", "Default": "a,b"},
            "Empty": {"Type": "String", "Default": ""},
        },
        "Mappings": {"Seconds": {"3": {"Timeout": 18}}},
        "Conditions": {
            "IsLarge": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Size"}, 3]}]},
            "IsHere": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-central-1"]},
            "Both": {"Fn::And": [{"Condition": "IsLarge"}, {"Condition": "IsHere"}]},
        },
        "Resources": {"One": {"Type": "T", "Properties": {"P": value}}},
    }
    properties = resources_of(template, parameters, HERE)["One"]["Properties"]
    return properties.get("P", "absent")


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        (3, "3"),
        (True, "true"),
        ({"Ref": "Size"}, "3"),
        ({"Ref": "Other"}, {"Ref": "Other"}),
        ({"Ref": "Names"}, ["a", "b"]),
        ({"Ref": "AWS::NoValue"}, "absent"),
        ([1, {"Ref": "AWS::NoValue"}], ["1"]),
        ({"Fn::Sub": "${Size} of ${Names.Arn}"}, {"Fn::Sub": "3 of ${Names.Arn}"}),
        ({"Fn::Sub": "${Size} of"}, "3 of"),
        ({"Fn::Sub": ["${Size}${X}", {"X": "y"}]}, "3y"),
        ({"Fn::Sub": "${AWS::Region}"}, {"Fn::Sub": "${AWS::Region}"}),
        ({"Fn::If": ["IsLarge", "big", "small"]}, "small"),
        ({"Fn::If": ["IsHere", "here", "there"]}, "here"),
        ({"Fn::If": ["Both", 1, {"Ref": "AWS::NoValue"}]}, "absent"),
        ({"Fn::FindInMap": ["Seconds", {"Ref": "Size"}, "Timeout"]}, "18"),
        ({"Fn::FindInMap": ["Seconds", "9", "Timeout"]}, {"Fn::FindInMap": ["Seconds", "9", "Timeout"]}),
        ({"Fn::Join": ["-", ["a", {"Ref": "Size"}]]}, "a-3"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Other"}]]}, {"Fn::Join": ["-", ["a", {"Ref": "Other"}]]}),
        ({"Fn::Split": [",", "x,y"]}, ["x", "y"]),
        ({"Fn::GetAtt": ["Other", "Arn"]}, {"Fn::GetAtt": ["Other", "Arn"]}),
        ({"Key": {"Ref": "Size"}, "Gone": {"Ref": "AWS::NoValue"}}, {"Key": "3"}),
    ],
)
def test_what_parameters_decide_is_worked_out_and_the_rest_stays_as_written(written: Any, becomes: Any) -> None:
    assert evaluated(written) == becomes


def test_a_given_value_counts_more_than_the_default() -> None:
    assert evaluated({"Fn::If": ["IsLarge", "big", "small"]}, Size="4") == "big"


def test_a_resource_whose_condition_does_not_hold_is_not_there() -> None:
    template = {
        "Parameters": {"On": {"Type": "String", "Default": "no"}},
        "Conditions": {"IsOn": {"Fn::Equals": [{"Ref": "On"}, "yes"]}},
        "Resources": {"Mail": {"Type": "T", "Condition": "IsOn"}, "Topic": {"Type": "T"}},
    }

    assert set(resources_of(template, {}, HERE)) == {"Topic"}
    assert set(resources_of(template, {"On": "yes"}, HERE)) == {"Topic", "Mail"}
