"""The training image, built from its Dockerfile without Docker's engine, trains and serves as the folder does."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from debian_root import CACHE, ROOT, bootstrapped, run

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(600)]
BASE = "docker.io/library/debian:bookworm-slim"
IMAGE = "localhost/retune-mars:test"
# Debian's crun fails on hybrid cgroups; without the limits podman fails where it may not raise them.
CONTAINERS_CONF = """
[engine]
runtime = "runc"
[containers]
default_ulimits = ["nofile=1024:4096", "nproc=1024:4096"]
"""
HYPERPARAMETERS = {"target": "Sepal.Length", "degree": "2", "thresh": "0.001", "prune": "TRUE", "seed": "7"}


@pytest.fixture(scope="module")
def docker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An environment in which `docker` is podman with a store of its own, which has the image under the name IMAGE."""
    folder = tmp_path_factory.mktemp("docker")
    (folder / "docker").symlink_to(shutil.which("podman") or "/usr/bin/podman")
    (folder / "containers.conf").write_text(CONTAINERS_CONF)
    storage = f'[storage]\ngraphroot = "{CACHE}/images"\nrunroot = "{folder}/run"\n'
    (folder / "storage.conf").write_text(storage)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    environment["CONTAINERS_CONF"] = str(folder / "containers.conf")
    environment["CONTAINERS_STORAGE_CONF"] = str(folder / "storage.conf")
    run("podman", "import", str(bootstrapped("bookworm")), BASE, env=environment)
    build = ["buildah", "bud", "--isolation", "chroot", "--network=host", "--pull-never", "--format", "docker"]
    run(*build, "--layers=false", "--tag", IMAGE, str(ROOT / "container"), env=environment)
    yield environment
    run("podman", "rmi", "--force", IMAGE, BASE, env=environment)


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A training job's /opt/ml: iris and strings for hyperparameters."""
    (tmp_path / "input/config").mkdir(parents=True)
    (tmp_path / "input/data/train").mkdir(parents=True)
    (tmp_path / "output").mkdir()
    shutil.copy(ROOT / "examples/iris.csv", tmp_path / "input/data/train/00001.csv")
    (tmp_path / "input/config/hyperparameters.json").write_text(json.dumps(HYPERPARAMETERS))
    return tmp_path


def objective(job: Path) -> float:
    return float(json.loads((job / "model/metrics.json").read_text())["mse"])


def test_the_image_comes_to_the_same_objective_as_the_folder_outside(docker: dict[str, str], job: Path) -> None:
    command = ["docker", "run", "--rm", "--network", "none", "--volume", f"{job}:/opt/ml", IMAGE, "train"]

    inside = subprocess.run(command, env=docker, capture_output=True, text=True, check=False)

    assert inside.returncode == 0, inside.stdout + inside.stderr
    of_the_image = objective(job)
    shutil.rmtree(job / "model")
    outside = {**os.environ, "ML_ROOT": str(job)}
    subprocess.run([ROOT / "container/entrypoint", "train"], env=outside, capture_output=True, check=True)
    assert of_the_image == pytest.approx(objective(job), rel=1e-12)


def test_the_image_says_why_it_cannot_train(docker: dict[str, str], job: Path) -> None:
    (job / "input/config/hyperparameters.json").write_text(json.dumps({**HYPERPARAMETERS, "target": "Sepal.Size"}))
    command = ["docker", "run", "--rm", "--network", "none", "--volume", f"{job}:/opt/ml", IMAGE, "train"]

    ended = subprocess.run(command, env=docker, capture_output=True, text=True, check=False)

    assert ended.returncode != 0
    assert "Sepal.Size" in (job / "output/failure").read_text()


def test_the_image_passes_the_smoke_test_that_guards_the_push(docker: dict[str, str]) -> None:
    said = subprocess.run([ROOT / "infra/smoke-test", IMAGE], env=docker, capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stdout + said.stderr
    assert "serves" in said.stdout


def test_an_image_that_cannot_train_does_not_pass_it(docker: dict[str, str]) -> None:
    said = subprocess.run([ROOT / "infra/smoke-test", BASE], env=docker, capture_output=True, text=True, check=False)

    assert said.returncode != 0
    assert "training failed" in said.stderr
