"""The wheel: its platforms, and the refusal to build it elsewhere than on Linux."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.tags import Tag, parse_tag

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def setup() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "setup.py"))


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("installer", ["manylinux_2_17", "musllinux_1_1"])
def test_one_wheel_is_for_both_common_machines_and_both_c_libraries(
    setup: dict[str, Any], machine: str, installer: str
) -> None:
    built = parse_tag(f"py3-none-{setup['platform_tags']('x86_64')}")

    assert Tag("py3", "none", f"{installer}_{machine}") in built


@pytest.mark.parametrize("platform", ["any", "macosx_11_0_arm64", "win_amd64"])
def test_it_is_for_no_other_platform(setup: dict[str, Any], platform: str) -> None:
    assert Tag("py3", "none", platform) not in parse_tag(f"py3-none-{setup['platform_tags']('x86_64')}")


def test_another_machine_with_linux_builds_a_wheel_for_itself(setup: dict[str, Any]) -> None:
    assert setup["platform_tags"]("riscv64") == "linux_riscv64"


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_a_build_elsewhere_ends_with_the_alternative(platform: str) -> None:
    code = (
        "import runpy, sys, setuptools.command.bdist_wheel\n"
        f"sys.platform, sys.argv = {platform!r}, ['setup.py', 'bdist_wheel']\n"
        "runpy.run_path('setup.py', run_name='__main__')"
    )

    built = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert built.returncode == 1
    assert built.stderr == f"local-sagemaker runs on Linux only, not on {platform}: use its OCI image instead.\n"
