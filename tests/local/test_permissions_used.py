"""What the functions ask of AWS in a run of all their paths, held against their roles' policies, both ways: every
call is allowed, and every action that is allowed is called for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from local_sagemaker.iam.conditions import listed
from local_sagemaker.iam.policy import Permission, Statement, decision
from local_sagemaker.moto_seams import iam
from tests.support.local.recorded_run import Recorded, recorded_run

pytestmark = pytest.mark.timeout(900)  # the run comes first, and waits for what it starts
FUNCTIONS = ("OnUpload", "OnTuningEnded", "OnBuildEnded", "Sweep")
BUYER = "OnUpload"
UNUSED: dict[tuple[str, str], str] = {}
"""(Function, action) that is allowed and that the run does not call for, with the reason."""
CREATE = "sagemaker:CreateHyperParameterTuningJob"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    with recorded_run(tmp_path_factory.mktemp("recorded")) as (recorded, _):
        yield recorded


@pytest.fixture(scope="module")
def policies(recorded: Recorded) -> Mapping[str, list[Statement]]:
    """What each function's role may do, as the stack made it."""
    found = recorded.by_function()
    return {name: iam.statements(judged[0].session.role_arn) for name, judged in found.items()}


def test_every_call_of_every_function_is_allowed(recorded: Recorded) -> None:
    assert set(recorded.by_function()) == set(FUNCTIONS)
    assert [one for one in recorded.all if one.decided != "allowed"] == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_allowed_action_is_called_for_or_has_its_reason(
    recorded: Recorded, policies: Mapping[str, list[Statement]], function: str
) -> None:
    used = {one.asked.action for one in recorded.by_function()[function]}
    reasoned = {action for name, action in UNUSED if name == function}

    assert actions(policies[function]) - used == reasoned


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_statement_is_what_allows_some_call(
    recorded: Recorded, policies: Mapping[str, list[Statement]], function: str
) -> None:
    asked = [one.asked for one in recorded.by_function()[function]]
    statements = policies[function]

    for number, statement in enumerate(statements):
        left = statements[:number] + statements[number + 1 :]
        assert any(decision(left, one) != "allowed" for one in asked), statement


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_action_that_is_taken_away_denies_exactly_the_calls_that_need_it(
    recorded: Recorded, policies: Mapping[str, list[Statement]], function: str
) -> None:
    asked = [one.asked for one in recorded.by_function()[function]]

    for action in actions(policies[function]):
        denied = [one for one in asked if decision(without(policies[function], action), one) != "allowed"]
        assert denied == [one for one in asked if one.action == action]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_call_is_allowed_on_what_is_not_the_stacks(
    recorded: Recorded, policies: Mapping[str, list[Statement]], function: str
) -> None:
    for judged in recorded.by_function()[function]:
        for elsewhere in strange(judged.asked):
            assert decision(policies[function], elsewhere) == "implicitDeny", elsewhere


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("sagemaker:instancetypes", ("ml.m5.large", "ml.p3.16xlarge")),
        ("sagemaker:instancetypes", ()),
        ("sagemaker:maxruntimeinseconds", ("86401",)),
        ("sagemaker:networkisolation", ("false",)),
        ("sagemaker:networkisolation", ()),
        ("sagemaker:intercontainertrafficencryption", ("false",)),
    ],
)
def test_a_tuning_job_beyond_the_ceilings_is_denied(
    recorded: Recorded, policies: Mapping[str, list[Statement]], key: str, values: tuple[str, ...]
) -> None:
    created = next(one.asked for one in recorded.by_function()[BUYER] if one.asked.action == CREATE)
    beyond = replace(created, context={**created.context, key: values})

    assert decision(policies[BUYER], created) == "allowed"
    assert decision(policies[BUYER], beyond) == "implicitDeny"


def test_the_training_role_is_passed_to_no_other_service(
    recorded: Recorded, policies: Mapping[str, list[Statement]]
) -> None:
    passed = next(one.asked for one in recorded.by_function()[BUYER] if one.asked.action == "iam:PassRole")

    for service in (("lambda.amazonaws.com",), ()):
        elsewhere = replace(passed, context={"iam:passedtoservice": service})
        assert decision(policies[BUYER], elsewhere) == "implicitDeny"


def test_one_function_only_may_buy(policies: Mapping[str, list[Statement]]) -> None:
    assert [function for function in FUNCTIONS if {CREATE, "iam:PassRole"} & actions(policies[function])] == [BUYER]


def actions(statements: list[Statement]) -> set[str]:
    return {action for statement in statements for action in listed(statement["Action"])}


def without(statements: list[Statement], action: str) -> list[dict[str, Any]]:
    return [{**one, "Action": [name for name in listed(one["Action"]) if name != action]} for one in statements]


def strange(asked: Permission) -> Iterator[Permission]:
    """The same on another account's, another region's and another name's resource, as far as the ARN says them."""
    if asked.resource == "*":
        return
    parts = asked.resource.split(":", 5)
    if parts[4]:
        yield replace(asked, resource=":".join([*parts[:4], "999999999999", parts[5]]))
    if parts[3]:
        yield replace(asked, resource=":".join([*parts[:3], "eu-west-1", *parts[4:]]))
    name = parts[5].replace("retune", "strange")
    assert name != parts[5], f"{asked.resource} has no name of the stack's"
    yield replace(asked, resource=":".join([*parts[:5], name]))
