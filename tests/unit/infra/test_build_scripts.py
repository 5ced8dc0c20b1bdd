"""The scripts that `buildspec.yml` calls: tags, repositories and pushes, without Docker."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.paths import ROOT


def run(name: str, *arguments: str, path: str = "/usr/bin:/bin", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path, **variables}
    command = [ROOT / "infra" / "image" / name, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_tag_is_the_start_of_the_build_then_the_commit() -> None:
    said = run("tag", CODEBUILD_START_TIME="1700000000123", CODEBUILD_RESOLVED_SOURCE_VERSION="0123456789abcdef0123")

    # 1,700,000,000 seconds after 1970 it was 22:13:20 on 14 November 2023 in UTC.
    assert said.stdout == "20231114T221320Z-0123456789ab\n"


@pytest.mark.parametrize("arn", ["", "null", "arn:aws:s3:::bucket/source.zip"])
def test_a_tag_without_git_or_a_version_names_the_source_by_its_hash(arn: str, tmp_path: Path) -> None:
    for folder in ("infra", "container"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    environment = {"PATH": "/usr/bin:/bin", "GIT_CEILING_DIRECTORIES": "/", "CODEBUILD_START_TIME": "1700000000123"}
    environment["CODEBUILD_SOURCE_VERSION"] = arn

    def tag() -> str:
        command = [tmp_path / "infra" / "image" / "tag"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    first = tag()
    assert re.fullmatch(r"20231114T221320Z-[0-9a-f]{12}\n", first)
    assert tag() == first
    (tmp_path / "container" / "mars.R").write_text("other")
    assert tag() != first


def test_a_tag_of_a_source_in_s3_bears_the_objects_version_as_far_as_a_tag_may() -> None:
    # A version as S3's user guide shows them. ECR: letters, digits and _.- only.
    version = "3/L4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY"

    said = run("tag", CODEBUILD_START_TIME="1700000000123", CODEBUILD_SOURCE_VERSION=version)

    assert said.stdout == "20231114T221320Z-3_L4kqtJlcpXroDTDmJ_rmSpXd3dIbrHY\n"


def test_a_commit_counts_for_more_than_the_branch_that_was_asked_for() -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"

    said = run("source", CODEBUILD_RESOLVED_SOURCE_VERSION=commit, CODEBUILD_SOURCE_VERSION="main")

    assert said.stdout == f"{commit}\n"


ECR = {
    "there": '[ "$2" = describe-repositories ] && echo registry/retune-mars',
    "missing": """
case $2 in
  describe-repositories) echo 'An error occurred (RepositoryNotFoundException)' >&2; exit 254 ;;
  create-repository) echo registry/made ;;
esac""",
    "forbidden": "echo 'An error occurred (AccessDeniedException)' >&2; exit 254",
}


@pytest.fixture
def ecr(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A PATH on which `aws` answers as one of ECR's states."""
    program = tmp_path / "aws"
    program.write_text(f"#!/bin/sh\n{ECR[request.param]}\n")
    program.chmod(0o755)
    return f"{tmp_path}:/usr/bin:/bin"


@pytest.mark.parametrize("ecr", ["there"], indirect=True)
def test_a_repository_that_is_there_is_used(ecr: str) -> None:
    assert run("repository", "retune-mars", path=ecr).stdout == "registry/retune-mars\n"


@pytest.mark.parametrize("ecr", ["missing"], indirect=True)
def test_outside_a_stack_a_missing_repository_is_made(ecr: str) -> None:
    assert run("repository", "retune-mars", path=ecr).stdout == "registry/made\n"


@pytest.mark.parametrize("ecr", ["missing"], indirect=True)
def test_in_a_stack_a_missing_repository_is_a_failure_that_names_the_remedy(ecr: str) -> None:
    said = run("repository", "retune-mars", path=ecr, RETUNE_STACK="retune")

    assert said.returncode == 1
    assert "./retune deploy" in said.stderr
    assert said.stdout == ""


@pytest.mark.parametrize("ecr", ["forbidden"], indirect=True)
def test_a_repository_that_may_not_be_looked_at_is_not_made(ecr: str) -> None:
    said = run("repository", "retune-mars", path=ecr)

    assert said.returncode == 1
    assert "AccessDenied" in said.stderr


DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
OCI = "application/vnd.oci.image.index.v1+json"


@pytest.fixture
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder for PATH: `docker push` puts a manifest of the type that the test names, `aws` describes it."""
    (tmp_path / "docker").write_text(f"#!/bin/sh\n[ $1 = push ] && echo '{request.param}' >{tmp_path}/pushed\n")
    (tmp_path / "aws").write_text(
        f"""#!/bin/sh
[ -e {tmp_path}/pushed ] || {{ echo '(ImageNotFoundException)' >&2; exit 254; }}
printf 'sha256:1\\t%s\\n' "$(cat {tmp_path}/pushed)"
"""
    )
    for name in ("docker", "aws"):
        (tmp_path / name).chmod(0o755)
    return tmp_path


def push(registry: Path) -> subprocess.CompletedProcess[str]:
    return run("push", "retune-mars", "host/retune-mars:T1", path=f"{registry}:/usr/bin:/bin")


@pytest.mark.parametrize("registry", [DOCKER], indirect=True)
def test_a_pushed_image_is_named_by_its_digest(registry: Path) -> None:
    assert push(registry).stdout == "host/retune-mars@sha256:1\n"


@pytest.mark.parametrize("registry", [DOCKER], indirect=True)
def test_a_tag_that_is_there_already_is_not_pushed_again(registry: Path) -> None:
    push(registry)
    (registry / "docker").write_text("#!/bin/sh\nexit 1\n")

    again = push(registry)

    assert (again.returncode, again.stdout) == (0, "host/retune-mars@sha256:1\n")
    assert "already exists" in again.stderr


@pytest.mark.parametrize("registry", [OCI], indirect=True)
def test_a_manifest_that_sagemaker_refuses_fails_the_build_and_names_the_remedy(registry: Path) -> None:
    said = push(registry)

    assert (said.returncode, said.stdout) == (1, "")
    assert OCI in said.stderr and "containerd-snapshotter" in said.stderr


@pytest.mark.parametrize("registry", [DOCKER], indirect=True)
def test_a_push_that_fails_fails_the_build(registry: Path) -> None:
    (registry / "docker").write_text("#!/bin/sh\necho denied >&2; exit 1\n")

    said = push(registry)

    assert said.returncode == 1
    assert "denied" in said.stderr
