"""What a person with boto3 does and sees: files in, tuning jobs, the ledger's words, messages out."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.local.command_line import IRIS, Up

PATIENCE_S = 180.0


@dataclass(frozen=True)
class Person:
    """One dataset's owner at the local AWS that is up."""

    up: Up
    dataset: str

    def client(self, service: str) -> Any:
        return self.up.client(service)

    @property
    def s3(self) -> Any:
        return self.client("s3")

    def put(self, path: str, body: bytes | str, **more: Any) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.s3.put_object(Bucket=self.up.ready["bucket"], Key=self.key(path), Body=data, **more)

    def put_by_parts(self, path: str, parts: list[bytes]) -> None:
        where = {"Bucket": self.up.ready["bucket"], "Key": self.key(path)}
        upload = self.s3.create_multipart_upload(**where)["UploadId"]
        done = [
            {
                "PartNumber": number,
                "ETag": self.s3.upload_part(**where, UploadId=upload, PartNumber=number, Body=part)["ETag"],
            }
            for number, part in enumerate(parts, start=1)
        ]
        self.s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": done})

    def remove(self, path: str) -> None:
        self.s3.delete_object(Bucket=self.up.ready["bucket"], Key=self.key(path))

    def key(self, path: str) -> str:
        return f"datasets/{self.dataset}/{path}"

    def tuning_jobs(self) -> list[dict[str, Any]]:
        """The dataset's tuning jobs, as SageMaker lists them."""
        pages = self.client("sagemaker").get_paginator("list_hyper_parameter_tuning_jobs").paginate()
        found = [job for page in pages for job in page["HyperParameterTuningJobSummaries"]]
        return [job for job in found if job["HyperParameterTuningJobName"].startswith(f"retune-{self.slug}-")]

    @property
    def slug(self) -> str:
        return self.dataset.lower()

    def status(self) -> dict[str, Any]:
        """`./retune status DATASET --json`; empty before the ledger has heard of the dataset."""
        asked = self.up.cli("status", self.dataset, "--json")
        return json.loads(asked.stdout) if asked.stdout.strip() else {}

    def explained(self, words: str) -> None:
        """Wait until `explain` says these words: an upload that is on its way may make it say others first."""

        def said() -> bool:
            return words in " ".join(self.up.cli("explain", self.dataset).stdout.split())

        self._wait_for(said, f"{self.dataset} to be explained by {words!r}")

    def decided(self, *words: str) -> dict[str, Any]:
        """Wait until the kept decision's kind and reason hold these words."""

        def said() -> dict[str, Any] | None:
            decided = self.head().get("decided") or {}
            text = f"{decided.get('kind')} {decided.get('reason')}"
            return decided if all(word in text for word in words) else None

        return self._wait_for(said, f"{self.dataset} to be decided as {words}")

    def head(self) -> dict[str, Any]:
        """The head item in Python's own types."""
        from boto3.dynamodb.types import TypeDeserializer

        key = {"pk": {"S": f"dataset#{self.dataset}"}, "sk": {"S": "head"}}
        found = self.client("dynamodb").get_item(TableName=self.up.ready["table"], Key=key).get("Item", {})
        return {name: TypeDeserializer().deserialize(value) for name, value in found.items()}

    def tuned(self, times: int = 1) -> dict[str, Any]:
        """Wait until this many tuning jobs were recorded and told; the last record."""

        def recorded() -> dict[str, Any] | None:
            jobs = self.tuning_jobs()
            head = self.head()
            if len(jobs) < times or head.get("phase") != "Ended":
                return None
            key = f"tuning/{self.dataset}/{head['tuning_job']}/record.json"
            return dict(json.loads(self.s3.get_object(Bucket=self.up.ready["bucket"], Key=key)["Body"].read()))

        return self._wait_for(recorded, f"tuning job {times} of {self.dataset} to be recorded")

    def _wait_for(self, look: Callable[[], Any], what: str) -> Any:
        return wait_for(look, what, self.story)

    def story(self) -> str:
        """For whoever waited in vain: SageMaker's tuning jobs, the head, and the functions' last words."""
        state = self.up.cli.state
        logs = [*state.rglob("logs/*.log"), *state.parent.glob("home/logs/*.log"), *state.glob("stderr.txt")]
        said = [f"{log.name}:\n" + "\n".join(log.read_text().splitlines()[-12:]) for log in logs]
        return "\n".join([repr(self.tuning_jobs()), repr(self.head()), *said])

    def report_in_the_overview(self) -> bytes:
        """Wait until the page of all datasets leads to this one's last report; that report."""
        bucket, link = self.up.ready["bucket"], f"{self.dataset}/{self.head()['tuning_job']}/report.html"

        def linked() -> bytes | None:
            try:
                page = self.s3.get_object(Bucket=bucket, Key="tuning/index.html")["Body"].read()
            except self.s3.exceptions.NoSuchKey:
                return None
            return bytes(page) if f'href="{link}"'.encode() in page else None

        self._wait_for(linked, f"{self.dataset} to be in the overview")
        return bytes(self.s3.get_object(Bucket=bucket, Key=f"tuning/{link}")["Body"].read())


def wait_for(look: Callable[[], Any], what: str, story: Callable[[], str] = lambda: "") -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if (found := look()) is not None:
            return found
        time.sleep(0.3)
    raise AssertionError(f"waited {PATIENCE_S:.0f} s for {what}\n{story()}".rstrip())


SPEC = json.dumps({"target": "Sepal.Length", "max_jobs": 3, "seed": 1})
DATA = IRIS.read_bytes()
