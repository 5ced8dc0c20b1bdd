"""`image push`: an image that works gets into the stack's repository, as SageMaker takes it, and no other."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.aws.images import BUILT, DOCKER_MANIFEST
from cli.console import Leave
from cli.image import engine
from cli.image.push import build_and_push, new_tag
from tests.support.doctor_world import Account, Service, refusal, stack_of
from tests.support.image_machine import Machine, bare_machine

TAG = "20260102T030405Z-0123456789ab"
REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
URI = f"{REGISTRY}/retune-mars"
FILE = f"{URI}:{TAG}".replace("/", "_")
DIGEST = "sha256:" + "0" * 64


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """One with podman, which knows the password that ECR gives."""
    made = bare_machine(tmp_path)
    made.has("podman")
    for name, value in {"PATH": str(made.bin), "STORE": str(made.store), "PASSWORD": "open sesame"}.items():
        monkeypatch.setenv(name, value)
    return made


def account(machine: Machine, manifest: str = DOCKER_MANIFEST, **more: Any) -> Account:
    """Its ECR knows what the machine has pushed."""

    def images(**_: str) -> dict[str, Any]:
        one = {"imageDigest": DIGEST, "imageTags": [TAG], "imageManifestMediaType": manifest}
        there = [{**one, "imagePushedAt": datetime(2026, 1, 2, tzinfo=UTC)}] if FILE in machine.pushed else []
        return {"imageDetails": there}

    token = b64encode(b"AWS:open sesame").decode()
    answers = {
        "describe_repositories": {"repositories": [{"repositoryUri": URI}]},
        "get_authorization_token": {"authorizationData": [{"authorizationToken": token}]},
        "describe_images": images,
    }
    return Account(ecr=Service(**{**answers, **more}))


def pushed_by(name: str, to: Account) -> str:
    return build_and_push(stack_of(to), engine.Engine(name), TAG, base=None)


@pytest.mark.parametrize(("name", "how"), [("podman", "podman push --format v2s2 "), ("docker", "docker push ")])
def test_it_is_built_tried_pushed_as_docker_and_named_by_its_digest(machine: Machine, name: str, how: str) -> None:
    machine.has(name)

    uri = pushed_by(name, account(machine))

    assert uri == f"{URI}@{DIGEST}"
    assert f"{how}{URI}:{TAG}\n" in machine.calls
    first = {verb: machine.calls.index(f" {verb} ") for verb in ("build", "run", "login", "push")}
    assert sorted(first, key=lambda verb: first[verb]) == ["build", "run", "login", "push"]


def test_the_password_is_on_no_command_line(machine: Machine) -> None:
    pushed_by("podman", account(machine))

    assert f"login --username AWS --password-stdin {REGISTRY}" in machine.calls
    assert "sesame" not in machine.calls


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ({"BUILD_FAILS": "yes"}, "could not build"),
        ({"TRAINING_ENDS": "1"}, "does not work, and is not pushed"),
        ({"PREDICTION": "50.2"}, "does not work, and is not pushed"),
        ({"PASSWORD": "another"}, "does not let podman in"),
        ({"PUSH_FAILS": "yes"}, "could not push"),
    ],
)
def test_where_a_step_fails_nothing_is_pushed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, spoilt: dict[str, str], why: str
) -> None:
    for name, value in spoilt.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(Leave, match=why):
        pushed_by("podman", account(machine))

    assert machine.pushed == set()


def test_a_manifest_that_sagemaker_refuses_is_said(machine: Machine) -> None:
    with pytest.raises(Leave, match="containerd-snapshotter"):
        pushed_by("podman", account(machine, "application/vnd.oci.image.manifest.v1+json"))


def test_a_lost_repository_is_said_before_anything_is_built(machine: Machine) -> None:
    lost = account(machine, describe_repositories=refusal("RepositoryNotFoundException"))

    with pytest.raises(Leave, match="lost its image repository retune-mars"):
        pushed_by("podman", lost)

    assert not (machine.store / "calls").exists()


def test_a_tag_is_one_that_a_build_makes() -> None:
    assert BUILT.fullmatch(new_tag())
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{12}", new_tag())
