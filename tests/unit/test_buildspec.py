"""`buildspec.yml` and the scripts it calls: what they do in which order, without Docker."""

import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.paths import ROOT

SCRIPTS = ("image-repository", "image-tag", "smoke-test")
BUILDSPEC: dict[str, Any] = yaml.safe_load((ROOT / "buildspec.yml").read_text())


def commands(*phases: str) -> list[str]:
    return [command for phase in phases for command in BUILDSPEC["phases"][phase]["commands"]]


def shellcheck(*arguments: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "shellcheck"
    return subprocess.run([program, *arguments], input=text, capture_output=True, text=True, check=False)


def test_a_failing_phase_ends_the_build() -> None:
    phases = BUILDSPEC["phases"]

    assert list(phases) == ["pre_build", "build", "post_build"]
    assert all(phase["on-failure"] == "ABORT" for phase in phases.values())
    assert 'test "${CODEBUILD_BUILD_SUCCEEDING:-1}" = 1' in commands("post_build")[0]


def test_the_image_is_tried_after_it_is_built_and_before_it_is_pushed() -> None:
    steps = commands("pre_build", "build", "post_build")

    order = [next(i for i, step in enumerate(steps) if re.match(what, step)) for what in TRIED]

    assert order == sorted(order)
    assert sum("docker push" in step for step in steps) == 1


TRIED = ("aws ecr get-login-password", "docker build", "infra/smoke-test", "docker push")


def test_the_image_has_a_manifest_that_sagemaker_takes() -> None:
    build = next(step for step in commands("build") if step.startswith("docker build"))

    assert {"--provenance=false", "--sbom=false"} <= set(build.split())
    assert "--platform linux/amd64" in build


def test_the_image_bears_its_commit_and_its_base_can_be_chosen() -> None:
    build = next(step for step in commands("build") if step.startswith("docker build"))

    assert any("CODEBUILD_RESOLVED_SOURCE_VERSION" in step for step in commands("pre_build"))
    assert '--label "org.opencontainers.image.revision=$REVISION"' in build
    assert '--build-arg "BASE_IMAGE=$RETUNE_BASE_IMAGE"' in build


def test_the_commands_pass_shellcheck_as_one_script() -> None:
    script = "#!/bin/sh\nset -e\n" + "\n".join(commands("pre_build", "build", "post_build")) + "\n"

    said = shellcheck("-", text=script)

    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_of_the_build_is_executable_and_passes_shellcheck(name: str) -> None:
    script = ROOT / "infra" / name

    said = shellcheck(script)

    assert said.returncode == 0, said.stdout
    assert script.stat().st_mode & stat.S_IXUSR


def run(name: str, *arguments: str, path: str = "/usr/bin:/bin", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path, **variables}
    command = [ROOT / "infra" / name, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_tag_is_the_start_of_the_build_then_the_commit() -> None:
    said = run(
        "image-tag", CODEBUILD_START_TIME="1700000000123", CODEBUILD_RESOLVED_SOURCE_VERSION="0123456789abcdef0123"
    )

    # 1,700,000,000 seconds after 1970 it was 22:13:20 on 14 November 2023 in UTC.
    assert said.stdout == "20231114T221320Z-0123456789ab\n"


def test_a_tag_without_git_names_the_source_by_its_hash(tmp_path: Path) -> None:
    for folder in ("infra", "container"):
        shutil.copytree(ROOT / folder, tmp_path / folder)

    said = [
        subprocess.run(
            [tmp_path / "infra" / "image-tag"],
            env={"PATH": "/usr/bin:/bin", "CODEBUILD_START_TIME": "1700000000123", "GIT_CEILING_DIRECTORIES": "/"},
            capture_output=True, text=True, check=True,
        ).stdout
        for _ in range(2)
    ]  # fmt: skip

    assert re.fullmatch(r"20231114T221320Z-[0-9a-f]{12}\n", said[0])
    assert said[0] == said[1]


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
    assert run("image-repository", "retune-mars", path=ecr).stdout == "registry/retune-mars\n"


@pytest.mark.parametrize("ecr", ["missing"], indirect=True)
def test_outside_a_stack_a_missing_repository_is_made(ecr: str) -> None:
    assert run("image-repository", "retune-mars", path=ecr).stdout == "registry/made\n"


@pytest.mark.parametrize("ecr", ["missing"], indirect=True)
def test_in_a_stack_a_missing_repository_is_a_failure_that_names_the_remedy(ecr: str) -> None:
    said = run("image-repository", "retune-mars", path=ecr, RETUNE_STACK="retune")

    assert said.returncode == 1
    assert "./retune deploy" in said.stderr
    assert said.stdout == ""


@pytest.mark.parametrize("ecr", ["forbidden"], indirect=True)
def test_a_repository_that_may_not_be_looked_at_is_not_made(ecr: str) -> None:
    said = run("image-repository", "retune-mars", path=ecr)

    assert said.returncode == 1
    assert "AccessDenied" in said.stderr
