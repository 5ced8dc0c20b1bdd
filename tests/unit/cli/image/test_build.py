"""`./retune image` and the smoke test, on machines with stand-ins for the engines."""

import subprocess
from pathlib import Path

import pytest

from cli.image.build import public
from tests.support.image_machine import ROOT, Machine, bare_machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return bare_machine(tmp_path)


@pytest.mark.parametrize(
    ("there", "taken"),
    [(("docker", "podman", "buildah"), "docker"), (("podman", "buildah"), "podman"), (("buildah",), "buildah")],
)
def test_the_first_engine_that_is_there_builds(machine: Machine, there: tuple[str, ...], taken: str) -> None:
    machine.has(*there)

    built = machine.retune("build")

    assert built.returncode == 0, built.stderr
    assert f"{taken} build" in machine.calls
    assert machine.images == {"retune-mars"}


def test_dockers_command_without_its_server_is_no_engine(machine: Machine) -> None:
    machine.has_dead("docker")
    machine.has("podman")

    assert machine.retune("build").returncode == 0
    assert "podman build" in machine.calls


@pytest.mark.parametrize("words", [("build",), ("test",)])
def test_without_an_engine_it_says_what_to_install(machine: Machine, words: tuple[str, ...]) -> None:
    machine.has_dead("docker")

    asked = machine.retune(*words)

    assert asked.returncode == 1
    assert asked.stdout == ""
    assert "apt-get install podman runc" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_stdout_is_the_images_name_and_nothing_else(machine: Machine) -> None:
    machine.has("docker")

    built = machine.retune("build", "--tag", "mine")

    assert built.stdout == "mine\n"
    assert "STEP 1" in built.stderr
    assert "108 MB" in built.stderr


def test_the_roomy_image_has_a_name_of_its_own(machine: Machine) -> None:
    machine.has("docker")

    assert machine.retune("build", "--debug").stdout == "retune-mars:debug\n"
    assert "--target=debug" in machine.calls


def test_the_base_can_be_named_by_its_digest(machine: Machine) -> None:
    machine.has("docker")

    machine.retune("build", "--base", "debian@sha256:0123")

    assert "--build-arg=BASE_IMAGE=debian@sha256:0123" in machine.calls


def test_an_image_bears_the_commit_it_is_made_from(machine: Machine) -> None:
    machine.has("docker")
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)

    machine.retune("build")

    label = f"org.opencontainers.image.revision={head.stdout.strip()}"
    # A copy of the folder without git has no commit to name.
    assert (label if head.returncode == 0 else "docker build") in machine.calls


@pytest.mark.parametrize(("engine", "how"), [("podman", "--format docker"), ("buildah", "--format docker")])
def test_no_engine_makes_an_oci_manifest(machine: Machine, engine: str, how: str) -> None:
    machine.has(engine)

    machine.retune("build")

    assert how in machine.calls


def test_docker_attests_nothing_for_that_would_make_an_oci_index(machine: Machine) -> None:
    machine.has("docker")

    machine.retune("build")

    assert "attestations=1" in machine.calls


def test_a_build_that_fails_is_one_sentence_after_the_builders_own(machine: Machine) -> None:
    machine.has("podman")

    built = machine.retune("build", BUILD_FAILS="yes")

    assert (built.returncode, built.stdout) == (1, "")
    assert "podman could not build retune-mars" in built.stderr


def test_what_was_built_can_be_tried(machine: Machine) -> None:
    machine.has("podman")
    machine.retune("build")

    tried = machine.retune("test")

    assert tried.returncode == 0, tried.stderr
    assert "trains and serves" in tried.stderr
    assert machine.running == []


def test_an_image_that_is_not_there_is_not_found(machine: Machine) -> None:
    machine.has("docker")

    tried = machine.retune("test", "mine")

    assert tried.returncode == 4
    assert "./retune image build --tag mine" in tried.stderr


def test_buildah_alone_cannot_try_an_image(machine: Machine) -> None:
    machine.has("buildah")
    machine.retune("build")

    assert machine.retune("test").returncode == 1


SPOILT = [
    ({"TRAINING_ENDS": "1"}, "training failed"),
    ({"TRAINING_SAYS": "mse: 0.1\nmse: 0.1"}, "must be printed once"),
    ({"TRAINING_SAYS": "mse: 13.2"}, "not about 0.10"),
    ({"PREDICTION": "50.2"}, "is predicted otherwise"),
    ({"STOPPED_WITH": "137"}, "SIGTERM does not end"),
]


@pytest.mark.parametrize(("how", "why"), SPOILT)
def test_a_spoilt_image_fails_the_smoke_test_and_leaves_nothing_running(
    machine: Machine, how: dict[str, str], why: str
) -> None:
    machine.has("docker")
    machine.retune("build")

    tried = machine.retune("test", **how)

    assert tried.returncode == 1
    assert why in tried.stderr
    assert machine.running == []


def test_the_smoke_test_finds_an_engine_by_itself_and_gives_no_network(machine: Machine) -> None:
    machine.has_dead("docker")
    machine.has("podman")

    tried = machine.smoke_test("retune-mars")

    assert tried.returncode == 0, tried.stderr
    started = [call for call in machine.calls.splitlines() if " run " in call]
    assert len(started) == 2
    assert all("--network none" in call for call in started)


@pytest.mark.parametrize(
    ("remote", "shown"),
    [
        ("https://github.com/a/b.git", "https://github.com/a/b.git"),
        ("https://me:secret@github.com/a/b", "https://github.com/a/b"),
        ("git@github.com:a/b.git", ""),
        ("/srv/git/b", ""),
        ("", ""),
    ],
)
def test_a_label_never_shows_the_credentials_of_a_remote(remote: str, shown: str) -> None:
    assert public(remote) == shown
