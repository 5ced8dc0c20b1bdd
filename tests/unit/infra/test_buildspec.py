"""`buildspec.yml`: what it does in which order, without Docker."""

import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.paths import ROOT

SCRIPTS = ("repository", "source", "tag", "push", "smoke-test")
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
    assert sum("infra/image/push" in step for step in commands("build", "post_build")) == 1


TRIED = ("aws ecr get-login-password", r"\S+ docker build", "infra/image/smoke-test", r"IMAGE_URI=.*infra/image/push")


def build_command() -> str:
    return next(step for step in commands("build") if "docker build" in step)


def test_the_image_has_a_manifest_that_sagemaker_takes() -> None:
    # docs.docker.com/build/building/variables: no default attestations. The option --provenance is buildx's alone.
    assert build_command().startswith("BUILDX_NO_DEFAULT_ATTESTATIONS=1 docker build --platform linux/amd64 ")
    assert "--provenance" not in build_command()


def test_the_image_bears_its_source_and_its_base_can_be_chosen() -> None:
    assert 'SOURCE="$(infra/image/source)"' in commands("pre_build")
    assert '--label "org.opencontainers.image.revision=$SOURCE"' in build_command()
    assert '--build-arg "BASE_IMAGE=$RETUNE_BASE_IMAGE"' in build_command()


def test_the_commands_pass_shellcheck_as_one_script() -> None:
    script = "#!/bin/sh\nset -e\n" + "\n".join(commands("pre_build", "build", "post_build")) + "\n"

    said = shellcheck("-", text=script)

    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_of_the_build_is_executable_and_passes_shellcheck(name: str) -> None:
    script = ROOT / "infra" / "image" / name

    said = shellcheck(script)

    assert said.returncode == 0, said.stdout
    assert script.stat().st_mode & stat.S_IXUSR
