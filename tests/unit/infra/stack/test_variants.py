"""Each switch of the stack, thrown: what is then there refers only to what is then there."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.deploy.bundle import Packaged
from tests.support.infra.stack_variants import PSEUDO, VARIANTS, outputs, references, stack

RELIED_ON = {
    *("ExistingBucket", "ExistingTable", "ExistingImageRepository", "NotificationEmail", "Prefix", "SettleSeconds"),
    *("LogRetentionDays", "Architecture", "KmsKeyArn", "SubnetIds", "SecurityGroupIds", "Spot"),
    *("PermissionsBoundaryArn", "BuildSourceType", "BuildSource", "BuildConnectionArn", "BuildOnPush"),
}
"""Parameters that the command line and people's scripts name."""
ALWAYS: dict[str, Any] = {"Fn::And": []}


@pytest.mark.parametrize("variant", VARIANTS)
def test_nothing_refers_to_what_is_not_there(plain: dict[str, Any], variant: str) -> None:
    resources, told = stack(plain, variant), outputs(plain, variant)

    for name, one in {**resources, **{f"output {name}": one for name, one in told.items()}}.items():
        absent = set(references(one)) - set(resources) - set(PSEUDO)
        assert absent == set(), f"{name} refers to {absent}"


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_value_is_one_that_its_parameter_takes(plain: dict[str, Any], variant: str) -> None:
    for name, value in VARIANTS[variant].items():
        declared = plain["Parameters"][name] | (
            {"AllowedValues": ["x86_64", "arm64"]} if name == "Architecture" else {}
        )
        assert re.fullmatch(declared.get("AllowedPattern", ".*"), value), name
        assert value in declared.get("AllowedValues", [value]), name


def test_every_condition_is_true_in_one_variant_and_false_in_another(plain: dict[str, Any]) -> None:
    asked = {**plain, "Resources": {name: {"Condition": name} for name in plain["Conditions"]}}
    true = {variant: set(stack(asked, variant)) for variant in VARIANTS}

    assert set.union(*true.values()) == set(plain["Conditions"])
    assert set.intersection(*true.values()) == set()


def test_cfn_lint_accepts_the_template_before_and_after_the_transform_and_with_its_parameters_put_in(
    packaged: Packaged, plain: dict[str, Any], tmp_path: Path
) -> None:
    forms = {"packaged": packaged.template, "transformed": plain}
    for variant in ("nothing said", "build from S3", "everything"):  # both ways of every switch
        forms[variant] = {"Resources": stack(plain, variant), "Outputs": outputs(plain, variant)}
    for name, template in forms.items():
        (tmp_path / f"{name.replace(' ', '-')}.json").write_text(json.dumps(template))

    said = subprocess.run(
        [Path(sys.executable).parent / "cfn-lint", *tmp_path.glob("*.json")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(list(tmp_path.iterdir())) == 5
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_parameters_that_others_name_are_there_and_each_says_what_it_is(plain: dict[str, Any]) -> None:
    parameters = plain["Parameters"]
    groups = plain["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    assert set(parameters) >= RELIED_ON
    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(parameters)
    assert all(len(one["Description"]) > 20 and "Default" in one for one in parameters.values())


@pytest.mark.parametrize(
    ("given", "broken"),
    [
        ({}, []),
        ({"SubnetIds": "subnet-1"}, ["NetworkIsWhole"]),
        ({"SecurityGroupIds": "sg-1"}, ["NetworkIsWhole"]),
        ({"SubnetIds": "subnet-1", "SecurityGroupIds": "sg-1"}, []),
        ({"BuildConnectionArn": "arn", "BuildSourceType": "S3"}, ["ConnectionIsForGitHub"]),
        ({"BuildConnectionArn": "arn"}, []),
        ({"BuildOnPush": "true"}, ["PushesComeFromGitHub"]),
        ({"BuildOnPush": "true", "BuildSource": "b/k", "BuildSourceType": "S3"}, ["PushesComeFromGitHub"]),
        ({"BuildOnPush": "true", "BuildSource": "https://github.com/example/retune"}, []),
    ],
)
def test_parameters_that_do_not_go_together_are_refused(
    plain: dict[str, Any], given: dict[str, str], broken: list[str]
) -> None:
    values = {name: str(one["Default"]) for name, one in plain["Parameters"].items()} | given

    applying = {
        name: [one["Assert"] for one in rule["Assertions"]]
        for name, rule in plain["Rules"].items()
        if holds(rule.get("RuleCondition", ALWAYS), values)
    }

    assert [name for name, asserted in applying.items() if not all(holds(one, values) for one in asserted)] == broken


def holds(condition: Any, values: dict[str, str]) -> bool:
    """CloudFormation's logic, as far as the rules use it."""
    [(function, argument)] = condition.items()
    if function == "Fn::Equals":
        name, value = argument
        return bool(values[name["Ref"]] == value)
    inner = [holds(one, values) for one in argument]
    return {"Fn::And": all(inner), "Fn::Or": any(inner), "Fn::Not": not all(inner)}[function]
