"""checkov, unchanged and in an environment of its own, on the stack as CloudFormation gets it."""

import json
import subprocess
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml

from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import Client, surroundings

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(1500)]
CHECKOV = Client("checkov", "checkov==3.3.30")
WAIVERS = yaml.safe_load((ROOT / "infra" / "checkov-waivers.yaml").read_text())
Asked = set[tuple[str, str]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, Any]], Asked]:
    """(Check, resource) of everything that checkov finds wanting in a template. It asks no server."""
    home = tmp_path_factory.mktemp("checkov")

    def ask(template: dict[str, Any]) -> Asked:
        file = home / "template.json"
        file.write_text(json.dumps(template))
        program = CHECKOV.install() / "bin" / "checkov"
        words = ["--framework", "cloudformation", "--skip-download", "--compact", "--quiet", "--output", "json"]
        done = subprocess.run(
            [program, "--file", file, *words],
            cwd=home,
            env=surroundings(home / "home"),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        found = json.loads(done.stdout)
        assert found["summary"]["parsing_errors"] == 0 and found["summary"]["resource_count"] > 20
        return {(one["check_id"], one["resource"].rpartition(".")[2]) for one in found["results"]["failed_checks"]}

    return ask


@pytest.fixture(scope="module")
def asked(ask: Callable[[dict[str, Any]], Asked], plain: dict[str, Any]) -> Asked:
    return ask(plain)


def waived() -> Asked:
    return {(check, resource) for check, waiver in WAIVERS.items() for resource in waiver["resources"]}


def test_nothing_is_asked_for_but_what_is_waived(asked: Asked) -> None:
    assert asked - waived() == set()


def test_each_waiver_is_still_needed_and_has_its_reason(asked: Asked) -> None:
    assert waived() - asked == set()
    assert all(len(waiver["reason"]) > 40 for waiver in WAIVERS.values())


def test_faults_put_in_on_purpose_are_asked_about(
    ask: Callable[[dict[str, Any]], Asked], plain: dict[str, Any]
) -> None:
    faulty = deepcopy(plain)
    resources = faulty["Resources"]
    del resources["Data"]["Properties"]["PublicAccessBlockConfiguration"]
    resources["Data"]["Properties"]["VersioningConfiguration"] = {"Status": "Suspended"}
    resources["Image"]["Properties"]["ImageTagMutability"] = "MUTABLE"
    del resources["SweepSweepEventPermission"]["Properties"]["SourceArn"]

    caught = ask(faulty) - waived()

    public = {("CKV_AWS_53", "Data"), ("CKV_AWS_54", "Data"), ("CKV_AWS_55", "Data"), ("CKV_AWS_56", "Data")}
    assert caught == {
        *public,
        ("CKV_AWS_21", "Data"),
        ("CKV_AWS_51", "Image"),
        ("CKV_AWS_364", "SweepSweepEventPermission"),
    }
