"""A web page in Debian's Chromium tries to run a command through the local AWS."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client

JOB = {
    "TrainingJobName": "of-a-page",
    "AlgorithmSpecification": {
        "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:latest",
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["sh", "-c", "id"],
    },
    "RoleArn": "arn:aws:iam::123456789012:role/any-role",
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}
PAGE = """<!doctype html><body>
<iframe name="sink"></iframe>
<form method="post" enctype="text/plain" action="%(url)s" target="sink"><input name='%(job)s' value=""></form>
<script>
const job = JSON.stringify(%(job)s);
const named = {"X-Amz-Target": "SageMaker.CreateTrainingJob", "Content-Type": "application/x-amz-json-1.1"};
const send = options => fetch("%(url)s", {method: "POST", body: job, ...options}).catch(() => undefined);
(async () => {
  await send({headers: named});
  await send({headers: named, credentials: "include"});
  await send({mode: "no-cors", headers: {"Content-Type": "text/plain"}});
  document.forms[0].submit();
  document.body.dataset.tried = "everything";
})();
</script>"""


def page(url: str) -> bytes:
    return (PAGE % {"url": url, "job": json.dumps(JOB)}).encode()


@contextmanager
def serving(html: bytes, port: int = 0) -> Iterator[int]:
    """Serve a page on a port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, *_: Any) -> None:
            """Log no requests."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def browse(url: str, profile: Path) -> str:
    """Open the page, let its scripts run to their end, and return its DOM."""
    words = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"]
    words += [f"--user-data-dir={profile}", "--virtual-time-budget=10000"]
    words += ["--host-resolver-rules=MAP rebound.s3.amazonaws.com 127.0.0.1", url]
    return subprocess.run(words, capture_output=True, text=True, timeout=180, check=True).stdout


def jobs(aws: LocalSageMaker) -> list[str]:
    found = client("sagemaker", aws.endpoint_url, aws.region).list_training_jobs()["TrainingJobSummaries"]
    return [job["TrainingJobName"] for job in found]


@pytest.fixture
def images(tmp_path: Path) -> dict[str, Path]:
    program = tmp_path / "mine" / "entrypoint"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return {"mine": program.parent}


def test_a_page_of_another_origin_creates_no_training_job(images: dict[str, Path], tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path / "home", images=images) as aws, serving(page(aws.endpoint_url)) as port:
        dom = browse(f"http://127.0.0.1:{port}/", tmp_path / "profile")

        assert 'data-tried="everything"' in dom
        assert jobs(aws) == []


def test_a_page_whose_name_was_rebound_to_loopback_creates_no_training_job(
    images: dict[str, Path], tmp_path: Path
) -> None:
    """S3 serves the page itself, under a name that leads to the bucket, so that its calls have the same origin."""
    with LocalSageMaker(tmp_path / "home", images=images) as aws:
        s3 = client("s3", aws.endpoint_url, aws.region)
        s3.create_bucket(Bucket="rebound")
        s3.put_object(Bucket="rebound", Key="page.html", Body=page("/"), ContentType="text/html", ACL="public-read")

        dom = browse(
            aws.endpoint_url.replace("127.0.0.1", "rebound.s3.amazonaws.com") + "/page.html", tmp_path / "profile"
        )

        assert jobs(aws) == []
        assert "--allow-host rebound.s3.amazonaws.com" in dom


def test_a_page_in_a_bucket_opens_and_creates_no_training_job(images: dict[str, Path], tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path / "home", images=images) as aws:
        s3 = client("s3", aws.endpoint_url, aws.region)
        s3.create_bucket(Bucket="pages")
        s3.put_object(Bucket="pages", Key="page.html", Body=page("/"), ContentType="text/html")
        url = s3.generate_presigned_url("get_object", Params={"Bucket": "pages", "Key": "page.html"})

        dom = browse(url, tmp_path / "profile")

        assert 'data-tried="everything"' in dom
        assert jobs(aws) == []


def test_a_page_of_an_allowed_origin_creates_one(images: dict[str, Path], tmp_path: Path) -> None:
    with serving(b"") as port:
        origin = f"http://127.0.0.1:{port}"
    with (
        LocalSageMaker(tmp_path / "home", images=images, allow_origins=[origin]) as aws,
        serving(page(aws.endpoint_url), port),
    ):
        browse(f"{origin}/", tmp_path / "profile")

        assert jobs(aws) == ["of-a-page"]
