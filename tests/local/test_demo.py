"""`./retune demo` from the outside: what it writes, what it exits with, what it leaves behind."""

import json
import math
import os
import signal
import subprocess
import tarfile
import time
from pathlib import Path
from typing import Any

from tests.support.local.command_line import IRIS, ROOT, Cli

RECORD_KEYS = {
    "schema_version", "dataset", "tuning_job", "status", "objective", "best", "training_jobs", "data",
    "image", "spec",
}  # fmt: skip


def test_the_demo_tunes_iris_for_real_and_keeps_what_it_found(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = cli("demo", "--jobs", 4, "--parallel", 2, "--seed", 7, "--out", out, "--json", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    record = json.loads(ran.stdout)

    assert record.keys() >= RECORD_KEYS
    assert record == json.loads((out / "record.json").read_text())
    assert (record["dataset"], record["status"]) == ("iris", "Completed")
    assert len(record["training_jobs"]) == 4
    best = min(record["training_jobs"], key=lambda job: job["objective"])
    assert record["best"]["training_job"] == best["name"]
    assert record["objective"]["value"] == best["objective"]
    assert (out / "notification.txt").read_text().startswith("Subject: ")
    assert f"{record['objective']['value']:.3g}"[:4] in (out / "notification.txt").read_text()

    _the_model_is_what_the_container_computes(out, record, tmp_path / "again")
    assert cli.processes() == []
    assert json.loads(cli("best", "iris", "--json").stdout)["best"] == record["best"]
    assert cli("status", "iris").returncode == 0
    assert record["tuning_job"] in cli("explain", "iris").stdout


def _the_model_is_what_the_container_computes(out: Path, record: dict[str, Any], ml: Path) -> None:
    """The container, run outside the pipeline with the saved hyperparameters, computes the same objective."""
    for folder in ("input/config", "input/data/train", "model", "output"):
        (ml / folder).mkdir(parents=True)
    settings = {name: str(value) for name, value in record["best"]["hyperparameters"].items()}
    (ml / "input/config/hyperparameters.json").write_text(json.dumps(settings))
    (ml / "input/data/train/00001.csv").write_bytes(IRIS.read_bytes())
    environment = {**os.environ, "ML_ROOT": str(ml)}
    subprocess.run([ROOT / "container" / "entrypoint", "train"], env=environment, check=True, capture_output=True)
    again = json.loads((ml / "model" / "metrics.json").read_text())
    with tarfile.open(out / "model.tar.gz") as archive:
        member = next(name for name in archive.getnames() if name.endswith("metrics.json"))
        assert any(name.endswith("model.rds") for name in archive.getnames())
        extracted = archive.extractfile(member)
        assert extracted is not None
        saved = json.load(extracted)
    assert math.isclose(again["mse"], saved["mse"], rel_tol=1e-12)
    assert math.isclose(record["objective"]["value"], saved["mse"], rel_tol=5e-7)


def test_data_with_a_text_target_are_refused_and_cost_no_training_job(cli: Cli, tmp_path: Path) -> None:
    ran = cli("demo", "--csv", IRIS, "--target", "Species", "--out", tmp_path / "out", "--json")
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "Species" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "out").exists()
    assert list(cli.state.glob("demo-*")) == []
    assert cli("best", "iris").returncode == 1
    assert "Species" in cli("explain", "iris").stdout


def test_ctrl_c_ends_every_process_and_says_what_is_kept(cli: Cli, tmp_path: Path) -> None:
    process = cli.start("demo", "--jobs", 30, "--parallel", 1, "--out", tmp_path / "out")
    said = cli.state / "stderr.txt"
    deadline = time.monotonic() + 300
    while " completed " not in said.read_text():
        assert time.monotonic() < deadline, said.read_text()
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 3
    assert "Traceback" not in said.read_text()
    assert "kept" in said.read_text()
    assert cli.processes() == []
    assert cli("status", "iris").returncode == 3
