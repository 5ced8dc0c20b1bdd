"""`demo`: one CSV through the whole pipeline. It uploads two objects to the bucket, as a user would, and then only
watches; the shipped Lambdas do the rest."""

import json
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from chalicelib import layout
from cli.console import ExitCode, say, write_json
from cli.data.csv_header import columns_of
from cli.data.notification import as_text, show_notification
from cli.data.progress import follow
from cli.data.views import View, dataset_view, keep
from cli.data.watch import Progress, Watch
from cli.paths import IRIS, STATE
from cli.signals import interruptible

if TYPE_CHECKING:  # the local AWS takes seconds to load: bad options are refused first
    from cli.local.stack import Running
    from local_sagemaker import Published

SETTLE_S = 1
TOLD_WITHIN_S = 5.0
IRIS_TARGET = "Sepal.Length"


@dataclass(frozen=True)
class DemoPlan:
    """What to tune and where to write. `spec` is uploaded as tuning.json."""

    csv: Path
    dataset: str
    spec: Mapping[str, Any]
    out: Path

    @property
    def key(self) -> str:
        name = self.csv.name
        legal = name if name.lower().endswith((".csv", ".csv.gz")) else f"{name}.csv"
        return layout.upload(self.dataset, f"train/{legal}")


def plan(csv: Path | None, target: str | None, jobs: int, parallel: int, seed: int, out: Path | None) -> DemoPlan:
    """Check the options. Raises: typer.BadParameter: the target is missing or not a column; the message lists them."""
    data = csv or IRIS
    column = target or (IRIS_TARGET if csv is None else None)
    columns = columns_of(data)
    there = f"the columns of {data.name} are {', '.join(columns) or 'not readable'}"
    if column is None:
        raise typer.BadParameter(f"--csv needs --target COLUMN; {there}.")
    if columns and column not in columns:
        raise typer.BadParameter(f"--target {column} is not a column; {there}.")
    dataset = dataset_name(data)
    spec = {"target": column, "max_jobs": jobs, "max_parallel_jobs": min(parallel, jobs), "seed": seed}
    return DemoPlan(data, dataset, spec, out or Path("retune-out") / dataset)


def dataset_name(path: Path) -> str:
    """Make a valid dataset name from a file's name."""
    stem = re.sub(r"\.csv(\.gz)?$", "", path.name, flags=re.IGNORECASE)
    return re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("._-")[:63].rstrip("._-") or "data"


@dataclass
class Demo:
    """One demo. `heard` are the notifications in the order of publication."""

    plan: DemoPlan
    as_json: bool
    heard: list["Published"] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    was_refused: bool = False

    def run(self) -> ExitCode:
        """0 only if a best model was recorded; 3 when interrupted."""
        STATE.mkdir(parents=True, exist_ok=True)
        home = Path(tempfile.mkdtemp(prefix="demo-", dir=STATE))
        try:
            with interruptible():
                code = self._run(home)
        except KeyboardInterrupt:
            say(f"Stopped, with every process. The state of {self.plan.dataset} so far is kept.")
            code = ExitCode.NOT_FINISHED
        if code is ExitCode.FAILED and not self.was_refused:
            say(f"The logs of its training jobs and Lambdas are in {home}.", style="dim")
        else:
            shutil.rmtree(home, ignore_errors=True)
        return code

    def _run(self, home: Path) -> ExitCode:
        from cli.local.stack import running_stack

        parameters = {
            "SettleSeconds": str(SETTLE_S),
            "MaxJobs": str(max(100, self.plan.spec["max_jobs"])),
            "MaxParallelJobs": str(max(10, self.plan.spec["max_parallel_jobs"])),
            "MaxCostUsd": "",  # nothing is bought here
        }
        with running_stack(home, parameters=parameters, on_published=self.heard.append) as running:
            try:
                self._put(running)
                progress = follow(Watch(running.stack, self.plan.dataset))
                return self._finish(running, progress)
            finally:
                keep(running.stack, (self.plan.dataset,))

    def _put(self, running: "Running") -> None:
        """Start the pipeline, which takes no more than two plain S3 uploads."""
        s3, bucket = running.stack.target.client("s3"), running.stack.bucket_name
        spec = json.dumps(self.plan.spec, indent=2).encode()
        s3.put_object(Bucket=bucket, Key=layout.upload(self.plan.dataset, "tuning.json"), Body=spec)
        s3.put_object(Bucket=bucket, Key=self.plan.key, Body=self.plan.csv.read_bytes())
        say(f"Uploaded {self.plan.csv.name} to s3://{bucket}/{self.plan.key}")

    def _finish(self, running: "Running", progress: Progress) -> ExitCode:
        view = dataset_view(running.stack, self.plan.dataset)
        record = view["record"] if view else None
        notification = self._last_heard()
        self.was_refused = progress.is_refused
        if notification:
            show_notification(notification)
        if record is None or not record["best"]:
            if notification is None:
                say(progress.reason, style="red")
            return ExitCode.FAILED
        self._write(running, record, notification)
        if self.as_json:
            write_json(record)
        return ExitCode.DONE if progress.is_completed else ExitCode.FAILED

    def _last_heard(self) -> "Published | None":
        """Wait for the last notification: a refusal is recorded first and published right after."""
        until = time.monotonic() + TOLD_WITHIN_S
        while not self.heard and time.monotonic() < until:
            time.sleep(0.05)
        return self.heard[-1] if self.heard else None

    def _write(self, running: "Running", record: View, notification: "Published | None") -> None:
        out = self.plan.out
        out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
        (out / "record.json").write_text(text, encoding="utf-8")
        if notification:
            (out / "notification.txt").write_text(as_text(notification), encoding="utf-8")
        bucket, _, key = record["best"]["model_uri"].removeprefix("s3://").partition("/")
        running.stack.target.client("s3").download_file(bucket, key, str(out / "model.tar.gz"))
        took = time.monotonic() - self.started
        say(f"\nIn {out}: record.json, notification.txt, model.tar.gz ({took:.0f} s, nothing billed)", style="bold")
