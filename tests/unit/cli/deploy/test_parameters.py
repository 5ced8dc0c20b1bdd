"""The stack's parameters, checked before anything is sent."""

import json

import pytest

from cli.console import ExitCode
from cli.deploy.parameters import ParameterChange, WrongParameters, parameter_changes, said, values_for
from cli.paths import ROOT

DECLARED = {
    "MaxJobs": {"Type": "Number", "Default": 100, "MinValue": 1, "MaxValue": 750},
    "Prefix": {"Type": "String", "Default": "retune", "AllowedPattern": "[a-z]{1,8}", "ConstraintDescription": "no!"},
    "OnPush": {"Type": "String", "Default": "false", "AllowedValues": ["true", "false"]},
    "Subnets": {"Type": "CommaDelimitedList", "Default": "", "AllowedPattern": "(subnet-[0-9a-f]+)?"},
    "Ratio": {"Type": "Number", "MinValue": 0.5, "Default": 1},
    "Name": {"Type": "String", "MinLength": 2, "MaxLength": 4, "Default": "abc"},
}


def problems(*words: str) -> list[str]:
    """What is wrong with `--set` words, a line each."""
    with pytest.raises(WrongParameters) as refused:
        values_for(DECLARED, {}, said(words, DECLARED))
    assert refused.value.code is ExitCode.USAGE
    return str(refused.value).split("\n")


def test_what_is_said_counts_more_than_what_the_stack_has_and_that_more_than_the_default() -> None:
    values = values_for(DECLARED, {"MaxJobs": "50", "Prefix": "mine", "Gone": "x"}, {"MaxJobs": "7"})

    assert values["MaxJobs"] == "7"
    assert values["Prefix"] == "mine"
    assert values["OnPush"] == "false"
    assert "Gone" not in values


def test_a_value_may_be_empty_or_have_an_equals_sign() -> None:
    declared = {"A": {"Type": "String"}, "B": {"Type": "String"}}

    assert said(["A=", "B=x=y"], declared) == {"A": "", "B": "x=y"}


def test_unknown_names_are_refused_all_at_once_with_suggestions() -> None:
    assert problems("MaxJob=1", "prefx=a", "Nonsense=1", "OnPush") == [
        "--set MaxJob: the stack has no such parameter; did you mean MaxJobs?",
        "--set prefx: the stack has no such parameter; did you mean Prefix?",
        "--set Nonsense: the stack has no such parameter; it has MaxJobs, Name, OnPush, Prefix, Ratio, Subnets.",
        "--set OnPush: say it as --set NAME=VALUE.",
    ]


def test_a_name_said_twice_differently_is_refused() -> None:
    assert problems("MaxJobs=1", "MaxJobs=2") == ["--set MaxJobs: said twice, as '1' and as '2'."]
    assert said(["MaxJobs=1", "MaxJobs=1"], DECLARED) == {"MaxJobs": "1"}


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("MaxJobs=751", "must be a number from 1 to 750."),
        ("MaxJobs=0", "must be a number from 1 to 750."),
        ("MaxJobs=many", "must be a number from 1 to 750."),
        ("MaxJobs=nan", "must be a number from 1 to 750."),
        ("Ratio=0.4", "must be a number of at least 0.5."),
        ("Prefix=Two", "no!."),
        ("Prefix=two\n", "no!."),
        ("OnPush=maybe", "must be one of true, false."),
        ("Subnets=subnet-1,x", "must match (subnet-[0-9a-f]+)?."),
        ("Name=abcde", "must have 2 to 4 characters, not 5."),
    ],
)
def test_a_value_that_the_template_does_not_allow_is_refused_with_what_it_allows(word: str, problem: str) -> None:
    assert problems(word) == [*f"--set {word}: {problem}".split("\n")]


@pytest.mark.parametrize("word", ["MaxJobs=1", "MaxJobs=750", "Ratio=0.5", "Subnets=subnet-1,subnet-2", "Name=ab"])
def test_a_value_at_the_edge_is_allowed(word: str) -> None:
    assert values_for(DECLARED, {}, said([word], DECLARED))


def test_a_parameter_without_any_value_is_asked_for() -> None:
    with pytest.raises(WrongParameters, match="Vpc has no value: say --set Vpc="):
        values_for({"Vpc": {"Type": "String", "Description": "Where."}}, {}, {})


def test_the_defaults_of_the_real_stack_are_allowed() -> None:
    declared = json.loads((ROOT / "infra" / "resources.json").read_text())["Parameters"]

    assert values_for(declared, {}, {}).keys() == declared.keys()


def test_only_parameters_that_differ_are_told() -> None:
    assert parameter_changes({"A": "1", "B": "2", "C": "3"}, {"A": "1", "B": "9", "D": "4"}) == (
        ParameterChange("B", "2", "9"),
        ParameterChange("C", "3", None),
        ParameterChange("D", None, "4"),
    )
