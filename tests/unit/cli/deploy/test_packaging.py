"""Packaging happens once per content; the stack that comes of it is created by plain moto, over HTTP."""

import json
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from cli.deploy import bundle
from cli.deploy.apply import MAX_INLINE_BYTES, NotDeployed, apply
from cli.deploy.artifacts import Artifacts
from cli.deploy.bundle import Packaged, package
from cli.deploy.sam import transform
from cli.deploy.stack_state import WatchedStack, state_of
from cli.paths import ROOT

UNKNOWN = {
    *("AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"),
    *("AWS::CloudWatch::Alarm", "AWS::Lambda::EventInvokeConfig"),
}
"""What plain moto does not know, and leaves out with a warning."""
Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """boto3 clients of a moto server in a process of its own: moto's state is one per process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    session = boto3.Session("test", "test", region_name="us-east-1")
    patient = Config(
        retries={"mode": "standard", "total_max_attempts": 12},  # it may not be listening yet
        read_timeout=300,  # a stack that takes longer than the usual minute must not be asked for twice
        ignore_configured_endpoint_urls=True,
    )
    yield partial(session.client, endpoint_url=f"http://localhost:{port}", config=patient)
    server.terminate()
    server.wait(120)


@pytest.fixture(scope="module")
def deployed(client: Client, packaged: Packaged) -> tuple[dict[str, Any], dict[str, str]]:
    """The template that was sent, and the outputs that came back."""
    template = template_for(client, packaged)
    return template, apply(WatchedStack(client, "retune"), template, {"SettleSeconds": "2"})


def template_for(client: Client, packaged: Packaged) -> dict[str, Any]:
    artifacts = Artifacts.of(client, "retune")
    artifacts.prepare()
    return transform(packaged.template, artifacts.bucket, artifacts.put_package(packaged.zip_path), "us-east-1")


def test_the_stack_is_created_whole(client: Client, deployed: tuple[dict[str, Any], dict[str, str]]) -> None:
    template, _ = deployed
    wanted = {name for name, one in template["Resources"].items() if "Condition" not in one}
    omitted = {name for name in wanted if template["Resources"][name]["Type"] in UNKNOWN}

    found = client("cloudformation").describe_stack_resources(StackName="retune")["StackResources"]

    made = {one["LogicalResourceId"] for one in found if one.get("ResourceType")}
    assert wanted - made == omitted
    assert len(client("lambda").list_functions()["Functions"]) == 4


def test_the_outputs_say_where_the_parts_are(client: Client, deployed: tuple[dict[str, Any], dict[str, str]]) -> None:
    _, told = deployed

    assert told == state_of(client("cloudformation"), "retune").outputs
    assert told["Prefix"] == "retune"
    assert client("s3").list_objects_v2(Bucket=told["Bucket"])["KeyCount"] == 0
    assert client("dynamodb").describe_table(TableName=told["Table"])["Table"]["TableStatus"] == "ACTIVE"
    assert client("sqs").get_queue_attributes(QueueUrl=told["QueueUrl"], AttributeNames=["VisibilityTimeout"])[
        "Attributes"
    ] == {"VisibilityTimeout": "1800"}
    assert client("ecr").describe_repositories(repositoryNames=[told["ImageRepository"]])


def test_a_parameter_reaches_the_functions_and_stays_when_it_is_not_given_again(
    client: Client, deployed: tuple[dict[str, Any], dict[str, str]]
) -> None:
    template, before = deployed

    after = apply(WatchedStack(client, "retune"), template, {})

    functions = client("lambda").list_functions()["Functions"]
    assert {str(one["Environment"]["Variables"]["RETUNE_SETTLE_S"]) for one in functions} == {"2"}
    assert after == before


def test_a_stack_that_cannot_be_made_is_refused_with_the_cause(client: Client, plain: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(plain).replace('["EventsDlq", "Arn"]', '["EventsDql", "Arn"]'))

    with pytest.raises(NotDeployed, match="EventsDql"):
        apply(WatchedStack(client, "broken"), broken, {"Prefix": "broken"})


def test_a_template_too_long_for_a_request_goes_through_the_artifact_bucket(client: Client) -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "x" * 100}}
    many = {"Resources": {f"Topic{number}": topic for number in range(400)}}
    assert len(json.dumps(many)) > MAX_INLINE_BYTES

    apply(WatchedStack(client, "long"), many, {})

    made = client("cloudformation").describe_stack_resources(StackName="long")["StackResources"]
    assert {one["LogicalResourceId"] for one in made} == set(many["Resources"])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the inputs, with what must not be shipped beside them."""
    copy = tmp_path / "project"
    for name in bundle.INPUTS:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, copy / name)
    return copy


def test_two_that_package_at_once_get_the_same(project: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(lambda _: package(project, tmp_path / "cache", "us-east-1"), range(2))

    assert first == second
    assert first.zip_path.is_file()
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [bundle.content_hash(project)]


def test_what_is_shipped_changes_the_hash_and_what_is_not_does_not(project: Path) -> None:
    before = bundle.content_hash(project)

    (project / "chalicelib" / "__pycache__").mkdir(exist_ok=True)
    (project / "chalicelib" / "__pycache__" / "x.pyc").write_bytes(b"x")
    (project / "README.md").write_text("x")
    unchanged = bundle.content_hash(project)
    (project / "chalicelib" / "more.py").write_text("")

    assert unchanged == before
    assert bundle.content_hash(project) != before


def test_an_app_that_cannot_be_imported_is_not_packaged_and_the_message_says_why(project: Path, tmp_path: Path) -> None:
    (project / "app.py").write_text("import no_such_module\n")

    with pytest.raises(bundle.NotPackaged, match="no_such_module"):
        package(project, tmp_path / "cache", "us-east-1")

    assert list((tmp_path / "cache").iterdir()) == []


def test_a_package_for_arm64_holds_its_compiled_parts_and_fits_no_other_function(tmp_path: Path) -> None:
    arm = package(ROOT, tmp_path, "us-east-1", "arm64")

    with zipfile.ZipFile(arm.zip_path) as archive:
        compiled = [name for name in archive.namelist() if name.endswith(".so")]
    assert compiled
    assert [name for name in compiled if "aarch64" not in name] == []
    assert arm.template["Parameters"]["Architecture"]["AllowedValues"] == ["arm64"]
    assert {
        json.dumps(one["Properties"]["Architectures"])
        for one in arm.template["Resources"].values()
        if one["Type"] == "AWS::Serverless::Function"
    } == {'[{"Ref": "Architecture"}]'}
