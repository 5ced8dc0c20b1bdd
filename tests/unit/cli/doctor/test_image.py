"""What the doctor says of the training image and of the build that makes it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from cli.doctor.image import build, image
from cli.local.image import manifest
from cli.target.parts import Part
from tests.support.doctor_world import Account, Service, refusal, stack_of


@pytest.fixture
def layers() -> Iterator[str]:
    """Where ECR's layers are fetched from: `/amd64` is the configuration of an image for amd64."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"architecture": self.path[1:]}).encode())

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


TAG = "20260102T030405Z-abc"
UNPINNED = Service(get_item={})


def pinned(tag: str) -> Service:
    return Service(get_item={"Item": {"tag": {"S": tag}}})


def with_image(layers: str, architecture: str, text: str, pins: Service = UNPINNED) -> Account:
    digest = "sha256:" + "0" * 64
    kind = json.loads(text)["mediaType"]
    pushed_at = datetime(2026, 1, 2, tzinfo=UTC)
    known = {"imageDigest": digest, "imageManifestMediaType": kind, "imagePushedAt": pushed_at}
    details = [{**known, "imageTags": [TAG]}]
    found = {"imageId": {"imageDigest": digest, "imageTag": "20260102T030405Z-abc"}, "imageManifest": text}
    return Account(
        dynamodb=pins,
        ecr=Service(
            describe_repositories={"repositories": [{"repositoryUri": "host/retune-mars"}]},
            describe_images={"imageDetails": details},
            batch_get_image={"images": [found]},
            get_download_url_for_layer={"downloadUrl": f"{layers}/{architecture}"},
        ),
    )


OCI = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"})


@pytest.mark.parametrize(
    ("architecture", "text", "verdicts"),
    [
        ("amd64", manifest("0" * 64), [True, True, True]),
        ("arm64", manifest("0" * 64), [True, True, False]),
    ],
)
def test_an_image_must_be_what_sagemaker_runs(layers: str, architecture: str, text: str, verdicts: list[bool]) -> None:
    account = with_image(layers, architecture, text)

    found = list(image(account, stack_of(account)))

    assert [one.ok for one in found] == verdicts
    assert "20260102T030405Z-abc" in found[0].what


def test_an_image_that_sagemaker_refuses_is_none() -> None:
    account = with_image("", "amd64", OCI)

    [found] = image(account, stack_of(account))

    assert found.ok is False and "none of 1" in found.what


def test_a_pinned_image_is_said_to_be_pinned_and_looked_at_even_where_sagemaker_refuses_it(layers: str) -> None:
    account = with_image(layers, "amd64", OCI, pinned(TAG))

    there, kind = image(account, stack_of(account))

    assert there.ok and f"pinned ({TAG})" in there.what
    assert kind.ok is False


def test_a_pinned_image_that_is_gone_is_a_fault_although_another_one_is_there(layers: str) -> None:
    account = with_image(layers, "amd64", manifest("0" * 64), pinned("20250101T000000Z-gone"))

    [found] = image(account, stack_of(account))

    assert (found.ok, found.command) == (False, "./retune image unpin")


def test_without_an_image_it_says_how_to_make_one() -> None:
    account = Account(dynamodb=UNPINNED, ecr=Service(describe_images=refusal("RepositoryNotFoundException")))

    [found] = image(account, stack_of(account))

    assert (found.ok, found.command) == (False, "./retune image push")


@pytest.mark.parametrize(
    ("status", "ok"), [("SUCCEEDED", True), ("FAILED", False), ("TIMED_OUT", False), ("IN_PROGRESS", None)]
)
def test_the_last_image_builds_end_is_told(status: str, ok: bool | None) -> None:
    ended = {"id": "retune-image:7", "buildStatus": status, "logs": {"deepLink": "https://log"}}
    codebuild = Service(list_builds_for_project={"ids": ["7", "6"]}, batch_get_builds={"builds": [ended]})
    project = Part("Build", "AWS::CodeBuild::Project", "retune-image")

    [found] = build(Account(codebuild=codebuild), (project,))

    assert found.ok is ok and status.lower().replace("_", " ") in found.what


def test_a_stack_without_an_image_build_or_one_that_never_ran_is_no_fault() -> None:
    never = Account(codebuild=Service(list_builds_for_project={"ids": []}))
    project = Part("Build", "AWS::CodeBuild::Project", "retune-image")

    [without], [idle] = build(never, ()), build(never, (project,))

    assert without.ok is None and not without.is_warning
    assert idle.is_warning and idle.command.endswith("--project-name retune-image")
