"""`docs/security.md` names each permission of the stack, and none that it does not have."""

import json
import re
from typing import Any

from cli.paths import ROOT

ROLES = {
    "on_upload": "OnUploadRole",
    "on_tuning_ended": "OnTuningEndedRole",
    "on_build_ended": "OnBuildEndedRole",
    "sweep": "SweepRole",
    "training": "TrainingRole",
    "build": "BuildRole",
}
Permission = tuple[str, str, tuple[str, ...]]
"""Role, statement and actions."""


def test_the_page_on_security_names_every_permission_and_no_other() -> None:
    template = json.loads((ROOT / "infra" / "resources.json").read_text())

    assert on_the_page() == in_the_template(template)


def test_every_permission_on_the_page_has_a_reason() -> None:
    assert [row for row in rows() if not (row[3] and row[4])] == []


def rows() -> list[list[str]]:
    page = (ROOT / "docs" / "security.md").read_text()
    table = page.partition("| Statement |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def on_the_page() -> set[Permission]:
    found = rows()
    assert found
    return {
        (ROLES[role], statement, tuple(re.findall(r"`([^`]+)`", actions)))
        for statement, roles, actions, *_ in found
        for role in roles.split(", ")
    }


def in_the_template(template: dict[str, Any]) -> set[Permission]:
    roles = {name: one for name, one in template["Resources"].items() if one.get("Type") == "AWS::IAM::Role"}
    return {
        (name, statement["Sid"], tuple(statement["Action"]))
        for name, role in roles.items()
        for policy in role["Properties"]["Policies"]
        for statement in map(in_force, policy["PolicyDocument"]["Statement"])
    }


def in_force(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement itself, whatever switches it on."""
    branches = statement.get("Fn::If", ())[1:]
    return next((in_force(one) for one in branches if "Sid" in one or "Fn::If" in one), statement)
