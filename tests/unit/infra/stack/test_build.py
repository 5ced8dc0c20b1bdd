"""The image build: what starts it, where its source comes from, and what it may."""

import re
from typing import Any

import pytest

from tests.support.infra.stack_variants import CONNECTION, GITHUB, VARIANTS, outputs, stack, statements

BUILDING = [name for name, given in VARIANTS.items() if "BuildSource" in given]


def project(template: dict[str, Any], variant: str) -> dict[str, Any]:
    found: dict[str, Any] = stack(template, variant)["Build"]["Properties"]
    return found


def build_statements(template: dict[str, Any], variant: str) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for role, one in statements(stack(template, variant)) if role == "BuildRole"}


def test_without_a_source_there_is_no_build(plain: dict[str, Any]) -> None:
    assert {"Build", "BuildRole", "BuildLogs"} & set(stack(plain, "nothing said")) == set()
    assert "BuildProject" not in outputs(plain, "nothing said")


@pytest.mark.parametrize("variant", BUILDING)
def test_the_build_has_docker_its_stacks_repository_and_its_log(plain: dict[str, Any], variant: str) -> None:
    found = project(plain, variant)
    repository = VARIANTS[variant].get("ExistingImageRepository", {"Ref": "Image"})

    assert found["Environment"]["PrivilegedMode"] == "true"
    assert found["Environment"]["EnvironmentVariables"] == [
        {"Name": "RETUNE_IMAGE_REPOSITORY", "Value": repository},
        {"Name": "RETUNE_STACK", "Value": "retune"},
    ]
    assert found["Source"]["BuildSpec"] == "buildspec.yml"
    assert found["LogsConfig"]["CloudWatchLogs"] == {"Status": "ENABLED", "GroupName": {"Ref": "BuildLogs"}}
    assert stack(plain, variant)["BuildLogs"]["Properties"]["RetentionInDays"] == "90"


def test_only_a_push_to_main_that_touches_the_image_starts_a_build(plain: dict[str, Any]) -> None:
    triggers = project(plain, "build on push")["Triggers"]
    ((event, head, path),) = triggers["FilterGroups"]

    assert (event["Type"], event["Pattern"]) == ("EVENT", "PUSH")
    assert (head["Type"], path["Type"]) == ("HEAD_REF", "FILE_PATH")
    assert [
        name
        for name in ("refs/heads/main", "refs/heads/main2", "refs/tags/main", "refs/heads/x/main")
        if re.search(head["Pattern"], name)
    ] == ["refs/heads/main"]
    assert [
        name
        for name in ("container/R/fit.R", "buildspec.yml", "docs/container/a", "buildspec.yml.md", "chalicelib/a.py")
        if re.search(path["Pattern"], name)
    ] == ["container/R/fit.R", "buildspec.yml"]


def test_a_pull_request_of_a_fork_starts_nothing(plain: dict[str, Any]) -> None:
    """Pull requests are other events; should one ever be built, somebody who may write must say so before."""
    triggers = project(plain, "build on push")["Triggers"]
    events = [one["Pattern"] for group in triggers["FilterGroups"] for one in group if one["Type"] == "EVENT"]

    assert events == ["PUSH"]
    assert triggers["PullRequestBuildPolicy"] == {"RequiresCommentApproval": "ALL_PULL_REQUESTS"}


@pytest.mark.parametrize("variant", [name for name in BUILDING if VARIANTS[name].get("BuildOnPush") != "true"])
def test_a_push_starts_nothing_unless_asked_for(plain: dict[str, Any], variant: str) -> None:
    assert "Triggers" not in project(plain, variant)


def test_a_connection_is_the_projects_own_and_its_role_may_use_that_one(plain: dict[str, Any]) -> None:
    source = project(plain, "build by connection")["Source"]
    using = build_statements(plain, "build by connection")["UseConnection"]

    assert source["Auth"] == {"Type": "CODECONNECTIONS", "Resource": CONNECTION}
    assert (source["Type"], source["Location"]) == ("GITHUB", GITHUB["BuildSource"])
    assert using["Resource"] == CONNECTION
    # IAM wants the actions of the service that the connection's ARN names: it was renamed, old connections were not.
    assert {action.split(":")[0] for action in using["Action"]} == {"codeconnections", "codestar-connections"}


def test_without_a_connection_the_accounts_credentials_are_used(plain: dict[str, Any]) -> None:
    assert "Auth" not in project(plain, "build from GitHub")["Source"]
    assert "UseConnection" not in build_statements(plain, "build from GitHub")


def test_a_source_in_s3_is_read_and_nothing_beside_it(plain: dict[str, Any]) -> None:
    source = project(plain, "build from S3")["Source"]
    allowed = build_statements(plain, "build from S3")

    assert (source["Type"], source["Location"]) == ("S3", "sources/retune.zip")
    assert allowed["ReadSource"]["Resource"] == "arn:aws:s3:::sources/retune.zip"
    assert {"FindSource", "ReadSource"} & set(build_statements(plain, "build from GitHub")) == set()


def test_the_end_of_this_build_wakes_its_function_and_its_log_may_be_read(plain: dict[str, Any]) -> None:
    resources = stack(plain, "build from GitHub")
    detail = resources["OnBuildEndedOnBuildEndedEvent"]["Properties"]["EventPattern"]["detail"]
    (reading,) = [one for role, one in statements(resources) if one["Sid"] == "ReadBuildLog"]

    assert detail["project-name"] == [resources["Build"]["Properties"]["Name"]] == ["retune-image"]
    assert "BuildLogs" in str(reading["Resource"])
