"""The training image, built from its Dockerfile without Docker's engine, trains and serves as the folder does."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.container.process import IRIS, Ml, long_training
from tests.support.container.server import serving
from tests.support.heavy.cache import ROOT
from tests.support.heavy.podman import BASE, Podman

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(600)]
IMAGE = "localhost/retune-mars:test"
MOST_BYTES = 120e6
PATIENCE_S = 60  # SageMaker kills after 120
HYPERPARAMETERS = {"target": "Sepal.Length", "degree": "2", "thresh": "0.001", "prune": "TRUE", "seed": "7"}


@pytest.fixture(scope="module", autouse=True)
def image(podman: Podman) -> None:
    """Under the name IMAGE, built as a person would."""
    built = podman.retune("build", "--base", BASE, "--tag", IMAGE)
    assert (built.returncode, built.stdout) == (0, f"{IMAGE}\n"), built.stderr[-3000:]


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A training job's /opt/ml: iris and strings for hyperparameters."""
    (tmp_path / "output").mkdir()
    return Ml.of(tmp_path, HYPERPARAMETERS, train={"00001.csv": IRIS}).root


def train_outside(job: Path) -> None:
    outside = {**os.environ, "ML_ROOT": str(job)}
    subprocess.run([ROOT / "container/entrypoint", "train"], env=outside, capture_output=True, check=True)


def objective(job: Path) -> float:
    return float(json.loads((job / "model/metrics.json").read_text())["mse"])


def test_the_image_weighs_at_most_120_mb(podman: Podman, record_property: Callable[[str, object], None]) -> None:
    size = int(podman.says("image", "inspect", "--format", "{{.Size}}", IMAGE))

    record_property("the image, uncompressed", f"{size / 1e6:.1f} MB")
    assert size <= MOST_BYTES


def test_the_image_says_what_it_is_and_which_commit(podman: Podman) -> None:
    labels = json.loads(podman.says("image", "inspect", "--format", "{{json .Labels}}", IMAGE))
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert labels["com.amazonaws.sagemaker.capabilities.accept-bind-to-port"] == "true"
    assert labels["org.opencontainers.image.title"] == "Retune MARS"
    assert labels["org.opencontainers.image.licenses"].startswith("Apache-2.0")
    assert labels["org.opencontainers.image.revision"].removesuffix("-dirty") == head.stdout.strip()


def test_a_scanner_can_read_which_packages_are_in_it(podman: Podman) -> None:
    status = podman.says("run", "--rm", "--entrypoint", "/usr/bin/cat", IMAGE, "/var/lib/dpkg/status")

    packages = {line.removeprefix("Package: ") for line in status.splitlines() if line.startswith("Package: ")}

    assert {"libc6", "libssl3", "r-base-core", "r-cran-mda", "nginx"} <= packages
    assert not {"apt", "perl-base", "libx11-6"} & packages


def test_the_image_comes_to_the_same_objective_as_the_folder_outside(podman: Podman, job: Path) -> None:
    inside = podman.train(IMAGE, job)

    assert inside.returncode == 0, inside.stdout + inside.stderr
    of_the_image = objective(job)
    shutil.rmtree(job / "model")
    train_outside(job)
    assert of_the_image == pytest.approx(objective(job), rel=1e-12)


def test_the_image_says_why_it_cannot_train(podman: Podman, job: Path) -> None:
    (job / "input/config/hyperparameters.json").write_text(json.dumps({**HYPERPARAMETERS, "target": "Sepal.Size"}))

    assert podman.train(IMAGE, job).returncode != 0
    assert "Sepal.Size" in (job / "output/failure").read_text()


def test_hyperparameters_and_data_may_be_in_any_script(podman: Podman, job: Path) -> None:
    # As JSON this is \u00dc, a pair of surrogates and so on, which R's iconv takes from UTF-16.
    named = {**HYPERPARAMETERS, "target": "Über\U0001f33c"}
    (job / "input/config/hyperparameters.json").write_text(json.dumps(named))
    (job / "input/data/train/00001.csv").write_text(IRIS.replace("Sepal.Length", named["target"]))

    trained = podman.train(IMAGE, job)

    assert trained.returncode == 0, trained.stdout + trained.stderr


@pytest.mark.parametrize("options", [(), ("--read-only", "--tmpfs", "/tmp")], ids=["writable", "read-only"])
def test_the_image_serves_the_same_numbers_as_the_folder_outside(
    podman: Podman, job: Path, options: tuple[str, ...]
) -> None:
    train_outside(job)

    with podman.serving(IMAGE, job, *options) as inside:
        of_the_image = inside.score(IRIS)
    with serving(Ml(job)) as outside:
        of_the_folder = outside.score(IRIS)

    assert len(of_the_image) == 150
    assert of_the_image == pytest.approx(of_the_folder, rel=1e-12)


def test_sigterm_ends_a_container_that_serves(podman: Podman, job: Path) -> None:
    train_outside(job)

    with podman.serving(IMAGE, job) as served:
        served.process.send_signal(signal.SIGTERM)

        served.process.wait(PATIENCE_S)


def test_sigterm_ends_a_container_that_trains_which_leaves_no_model(podman: Podman, tmp_path: Path) -> None:
    job = long_training(tmp_path).root

    with podman.started("train", IMAGE, job) as process:
        assert process.stdout
        assert any("training on 20000 rows" in line for line in process.stdout)
        process.send_signal(signal.SIGTERM)

        process.wait(PATIENCE_S)

    assert not (job / "model" / "model.rds").exists()


def test_the_image_passes_the_test_that_guards_the_push(podman: Podman) -> None:
    said = podman.retune("test", IMAGE)

    assert said.returncode == 0, said.stdout + said.stderr
    assert "serves" in said.stdout


def test_an_image_that_cannot_train_does_not_pass_it(podman: Podman) -> None:
    said = podman.retune("test", BASE)

    assert said.returncode == 1
    assert "training failed" in said.stderr


def test_the_roomy_image_passes_it_too_and_has_apt(podman: Podman) -> None:
    built = podman.retune("build", "--base", BASE, "--debug")

    name = built.stdout.strip()
    assert podman.retune("test", name).returncode == 0, built.stderr[-3000:]
    assert podman("run", "--rm", "--entrypoint", "apt-get", name, "--version").returncode == 0
