"""Linux, and no other platform."""

import subprocess
import sys

import pytest

from local_sagemaker.platforms import UnsupportedPlatform, check
from support.programs.program import ENVIRONMENT

WINDOWS = """
import signal, sys
sys.platform = "win32"
sys.modules["fcntl"] = None
del signal.SIGHUP, signal.SIGKILL
"""
"""What the sources need and Windows lacks."""


def on_windows(code: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", WINDOWS + code]
    return subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True)


def test_linux_is_accepted() -> None:
    check("linux")


@pytest.mark.parametrize("platform", ["darwin", "win32", "freebsd14", "emscripten"])
def test_any_other_platform_is_refused_by_name(platform: str) -> None:
    with pytest.raises(UnsupportedPlatform, match=f"not on {platform}: use its OCI image"):
        check(platform)


def test_the_command_is_refused_before_it_imports_what_is_missing_there() -> None:
    called = on_windows("from local_sagemaker.command_line import main; sys.exit(main(['up']))")

    message = "local-sagemaker: local-sagemaker runs on Linux only, not on win32: use its OCI image instead.\n"
    assert (called.returncode, called.stderr) == (1, message)


def test_the_class_is_refused_before_it_imports_what_is_missing_there() -> None:
    called = on_windows("from local_sagemaker import LocalSageMaker")

    assert "UnsupportedPlatform: local-sagemaker runs on Linux only, not on win32" in called.stderr
