"""Builds wheels for Linux only, although the code is Python: pip elsewhere must not install what cannot run."""

import platform
import sys

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel

_COMMON = ("x86_64", "aarch64")
_LIBCS = ("manylinux_2_17", "musllinux_1_1")


def check(platform: str) -> None:
    """Ends the build on another platform than Linux."""
    if platform != "linux":
        raise SystemExit(f"local-sagemaker runs on Linux only, not on {platform}: use its OCI image instead.")


def platform_tags(machine: str) -> str:
    """One wheel for the common machines, whatever their C library; elsewhere a wheel for the machine that builds it.

    packaging.python.org/en/latest/specifications/platform-compatibility-tags/#compressed-tag-sets"""
    if machine not in _COMMON:
        return f"linux_{machine}"
    return ".".join(f"{libc}_{each}" for libc in _LIBCS for each in _COMMON)


class LinuxWheel(bdist_wheel):
    """A wheel of pure Python with tags for Linux."""

    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", platform_tags(platform.machine())


if __name__ == "__main__":
    check(sys.platform)
    setup(cmdclass={"bdist_wheel": LinuxWheel})
