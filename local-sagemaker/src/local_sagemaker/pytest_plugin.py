"""A pytest plugin: the fixture `local_sagemaker` is an empty local AWS for each test.

One server runs for the whole session, and a reset after each test empties it: a start takes seconds, a reset a fraction
of one. With pytest-xdist each worker is a process and has a server of its own.

pytest imports this module in every run of every project that has the distribution installed, so it imports no moto and
no boto3 before a test asks for the fixture.
"""

import os
from collections.abc import Iterator, Mapping
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from local_sagemaker.server import LocalSageMaker


@pytest.fixture(scope="session")
def local_sagemaker_options() -> Mapping[str, Any]:
    """Arguments of `LocalSageMaker`, but for `home`. Override it in a conftest.py, with scope="session"."""
    return {}


@pytest.fixture
def local_sagemaker(_local_sagemaker_server: "LocalSageMaker") -> Iterator["LocalSageMaker"]:
    """Give an empty local AWS, and point boto3's default clients and those of child processes to it.

    During the test no variable `AWS_*` of the developer's is set and no file of theirs is read, so no test can use
    their credentials."""
    with pytest.MonkeyPatch.context() as patch:  # not the test's own, which the test may undo
        _hide_settings(patch)
        _point_to(_local_sagemaker_server, patch)
        yield _local_sagemaker_server
        _local_sagemaker_server.reset()


@pytest.fixture(scope="session")
def _local_sagemaker_server(
    local_sagemaker_options: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator["LocalSageMaker"]:
    with pytest.MonkeyPatch.context() as patch:
        _hide_settings(patch)  # moto creates boto3 sessions when it is imported, which fails for an unknown AWS_PROFILE
        aws = _started(tmp_path_factory.mktemp("local-sagemaker"), local_sagemaker_options)
    yield aws
    aws.stop()


def _started(home: Path, options: Mapping[str, Any]) -> "LocalSageMaker":
    """Start a local AWS, or fail the test with the reason in one line."""
    from local_sagemaker import LocalSageMaker, PortRefused

    _check(options, signature(LocalSageMaker).parameters)
    try:
        return LocalSageMaker(home, **options).start()
    except (PortRefused, RuntimeError, ValueError) as reason:
        pytest.fail(f"the fixture local_sagemaker could not start a local AWS: {reason}", pytrace=False)


def _check(options: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Fail the test if the options name a home or are not all arguments of `LocalSageMaker`."""
    if "home" in options:
        pytest.fail("local_sagemaker_options: `home` cannot be set; the fixture makes a temporary one", pytrace=False)
    if unknown := sorted(options.keys() - known.keys()):
        allowed = ", ".join(sorted(known.keys() - {"home"}))
        pytest.fail(f"local_sagemaker_options: unknown {', '.join(unknown)}; it takes {allowed}", pytrace=False)


def _hide_settings(patch: pytest.MonkeyPatch) -> None:
    """Hide the developer's AWS settings and files from this process until the patch is undone."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        patch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        patch.setenv(name, os.devnull)


def _point_to(aws: "LocalSageMaker", patch: pytest.MonkeyPatch) -> None:
    """Let boto3's default clients find this local AWS until the patch is undone."""
    import boto3

    for name, value in aws.environment.items():
        patch.setenv(name, value)
    # boto3 keeps the credentials of its first client; without this they would outlive the test, or reach it.
    patch.setattr(boto3, "DEFAULT_SESSION", None)
