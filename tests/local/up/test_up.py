"""`./retune up`, `env`, `down`: the local AWS that stays."""

import hashlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.local.command_line import ROOT, Cli, Up

READY = {
    "endpoint_url", "region", "account", "bucket", "topic_arn", "table", "queue_url", "training_role_arn",
    "image_uri",
}  # fmt: skip


def test_the_one_line_on_stdout_says_where_everything_is(up: Up) -> None:
    assert up.ready.keys() >= READY
    assert up.ready["account"] == "123456789012"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", up.ready["endpoint_url"])
    assert re.search(r"/[^/:@]+:\d{8}T\d{6}Z-[0-9a-f]{12}$", up.ready["image_uri"])


def test_a_second_one_is_refused_and_told_the_process(up: Up) -> None:
    second = up.cli("up")
    assert second.returncode == 1
    assert str(up.process.pid) in second.stderr
    assert second.stdout == ""


def test_a_port_that_is_taken_is_named(up: Up, tmp_path: Path) -> None:
    port = up.ready["endpoint_url"].rsplit(":", 1)[1]
    second = Cli(tmp_path)("up", "--port", port)
    assert second.returncode == 1
    assert f"port {port} of 127.0.0.1 is in use by another program" in second.stderr
    assert "Traceback" not in second.stderr


def test_any_client_finds_it_through_the_exported_environment(up: Up) -> None:
    exported = up.cli("env")
    assert exported.returncode == 0
    list_buckets = "import boto3; print([b['Name'] for b in boto3.client('s3').list_buckets()['Buckets']])"
    script = f'{exported.stdout}\nexec {sys.executable} -c "{list_buckets}"'
    asked = subprocess.run(["sh", "-ec", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert up.ready["bucket"] in asked.stdout


def test_the_image_is_found_as_on_aws(up: Up) -> None:
    client = up.client("ecr")
    uri, _, tag = up.ready["image_uri"].rpartition(":")
    name = uri.partition("/")[2]
    (digest,) = [image["imageDigest"] for image in client.describe_images(repositoryName=name)["imageDetails"]]
    found = client.batch_get_image(repositoryName=name, imageIds=[{"imageTag": tag}])["images"]
    content = hashlib.sha256(found[0]["imageManifest"].encode()).hexdigest()
    assert digest == f"sha256:{content}"


def test_an_image_can_be_pushed_into_it_without_any_engine(up: Up) -> None:
    pushed = up.cli("image", "push")

    assert pushed.returncode == 0, pushed.stderr
    name, _, digest = pushed.stdout.strip().partition("@")
    assert name == up.ready["image_uri"].rpartition(":")[0]
    assert digest.startswith("sha256:")


def test_the_doctor_finds_it_in_good_health(up: Up) -> None:
    looked = up.cli("doctor")
    assert looked.returncode == 0, looked.stdout
    assert up.ready["bucket"] in looked.stdout.replace("\n", "")


def test_clean_does_not_pull_the_floor_away(up: Up) -> None:
    assert up.cli("clean", "--yes").returncode == 1


def test_down_ends_it_and_every_process_of_it(up: Up) -> None:
    os.kill(up.process.pid, 0)
    ended = up.cli("down")
    assert ended.returncode == 0, ended.stderr
    assert up.process.wait(120) == 0
    assert up.cli.processes() == []
    assert up.cli("env").returncode == 4
    assert "Traceback" not in up.said()


def test_sigterm_is_an_ordinary_end(up: Up) -> None:
    process = up.cli.start("up", "--json", "--settle", 1)
    assert process.stdout is not None and process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert up.cli.processes() == []
