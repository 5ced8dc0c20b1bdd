"""InvokeEndpoint: what is passed on, what comes back, and what is refused, through boto3 and as bare HTTP."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_sagemaker.values import ACCOUNT
from support.hosting_world import HostingWorld, a_hosting_world
from support.sagemaker_world import REGION

SHOWS_HEADERS = """
def invoke(request, body):
    seen = {name.lower(): value for name, value in request.headers.items()}
    return 200, json.dumps(seen).encode(), {
        "Content-Type": "application/json", "X-Amzn-SageMaker-Custom-Attributes": "trace=2", "X-Other": "x"
    }
"""
SAYS = """
def invoke(request, body):
    status, _, text = body.partition(b" ")
    return int(status), text
"""
SLOW = "def invoke(request, body): time.sleep(30); return 200, b''"


@pytest.fixture(scope="module")
def says(world: HostingWorld) -> str:
    """An endpoint that answers `400 text` with that status and text."""
    return world.deployed(SAYS)


def refusal(world: HostingWorld, endpoint: str, body: bytes = b"x", **request: Any) -> dict[str, Any]:
    """What boto3 makes of the answer."""
    with pytest.raises(ClientError) as refused:
        world.invoke(endpoint, body, **request)
    return dict(refused.value.response)


def test_headers_go_to_the_container_and_come_back(world: HostingWorld) -> None:
    endpoint = world.deployed(SHOWS_HEADERS)

    answer = world.runtime.invoke_endpoint(
        EndpointName=endpoint,
        Body=b"1,2",
        ContentType="text/csv",
        Accept="application/json",
        CustomAttributes="trace=1",
        InferenceId="one",
    )

    seen = json.loads(answer["Body"].read())
    assert (seen["content-type"], seen["accept"]) == ("text/csv", "application/json")
    assert seen["x-amzn-sagemaker-custom-attributes"] == "trace=1"
    assert seen["x-amzn-sagemaker-inference-id"] == "one"
    assert "authorization" not in seen
    assert (answer["ContentType"], answer["CustomAttributes"]) == ("application/json", "trace=2")
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    assert "x-other" not in answer["ResponseMetadata"]["HTTPHeaders"]


@pytest.mark.parametrize(("status", "side"), [(400, "client"), (415, "client"), (500, "server"), (503, "server")])
def test_a_containers_error_is_a_model_error(world: HostingWorld, says: str, status: int, side: str) -> None:
    refused = refusal(world, says, f"{status} bad row".encode())

    assert refused["Error"]["Code"] == "ModelError"
    assert refused["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert refused["Error"]["Message"].startswith(
        f'Received {side} error ({status}) from primary with message "bad row". See https://{REGION}.console.aws.'
    )
    assert (refused["OriginalStatusCode"], refused["OriginalMessage"]) == (status, "bad row")
    assert refused["LogStreamArn"] == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/sagemaker/Endpoints/{says}"


def test_a_container_that_takes_too_long_is_a_model_error_of_status_0(s3: Any, tmp_path: Path) -> None:
    with a_hosting_world(s3, tmp_path) as world:
        endpoint = world.deployed(SLOW)
        world.sagemaker.invoke.__self__.timeout_s = 0.3

        refused = refusal(world, endpoint)

    assert (refused["Error"]["Code"], refused["OriginalStatusCode"]) == ("ModelError", 0)
    assert refused["OriginalMessage"].startswith("Your invocation timed out while waiting for a response")


def test_an_endpoint_that_is_not_there_is_not_found(world: HostingWorld, says: str) -> None:
    for name in ("nowhere", says.upper()):
        refused = refusal(world, name)

        assert refused["Error"]["Code"] == "ValidationError"
        assert refused["Error"]["Message"] == f"Endpoint {name} of account {ACCOUNT} not found."
        assert refused["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_an_endpoint_that_is_not_in_service_is_not_found(world: HostingWorld) -> None:
    endpoint = world.endpoint(world.config({"ModelName": world.model("time.sleep(60)")}))

    assert refusal(world, endpoint)["Error"]["Message"] == f"Endpoint {endpoint} of account {ACCOUNT} not found."


def test_a_body_may_have_6_megabytes_and_no_more(world: HostingWorld, says: str) -> None:
    body = b"200 ".ljust(6_291_456, b"x")

    assert len(world.invoke(says, body)) == 6_291_456 - 4
    refused = refusal(world, says, body + b"x")

    assert refused["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert "6291456 bytes" in refused["Error"]["Message"]


def test_a_variant_can_be_asked_for_by_its_name(world: HostingWorld, says: str) -> None:
    assert world.invoke(says, "200 x", TargetVariant="AllTraffic") == "x"
    assert "Variant other" in refusal(world, says, TargetVariant="other")["Error"]["Message"]


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("TargetModel", "is not a multi-model endpoint and does not support target model header."),
        ("TargetContainerHostname", "is not a multi-container endpoint"),
        ("InferenceComponentName", "has no inference components"),
    ],
)
def test_what_this_endpoint_is_not_is_refused(world: HostingWorld, says: str, member: str, words: str) -> None:
    assert words in refusal(world, says, **{member: "x"})["Error"]["Message"]


def test_asynchronous_and_streamed_invocations_are_refused_by_name(world: HostingWorld, says: str) -> None:
    with pytest.raises(ClientError, match="does not support async-invocations"):
        world.runtime.invoke_endpoint_async(EndpointName=says, InputLocation="s3://bucket/key")
    with pytest.raises(ClientError, match="does not support invocations-response-stream"):
        world.runtime.invoke_endpoint_with_response_stream(EndpointName=says, Body=b"x")


def test_bare_http_is_answered_too(world: HostingWorld, says: str) -> None:
    url = f"{world.runtime.meta.endpoint_url}/endpoints/{says}/invocations"

    with urllib.request.urlopen(url, data=b"200 fine") as answer:
        assert (answer.status, answer.read()) == (200, b"fine")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url, data=b"500 broken")

    assert (refused.value.code, refused.value.headers["x-amzn-ErrorType"]) == (424, "ModelError")
    assert json.loads(refused.value.read())["OriginalMessage"] == "broken"


def test_what_is_no_invocation_goes_elsewhere(world: HostingWorld, says: str) -> None:
    base = world.runtime.meta.endpoint_url
    for method, path, headers in (
        ("GET", f"/endpoints/{says}/invocations", {}),
        ("POST", f"/endpoints/{says}/others", {}),
        ("POST", f"/endpoints/{says}/invocations", {"Authorization": "AWS4 Credential=k/20260101/r/s3/aws4_request"}),
    ):
        with pytest.raises(urllib.error.HTTPError) as elsewhere:
            urllib.request.urlopen(urllib.request.Request(base + path, data=b"x", method=method, headers=headers))
        assert elsewhere.value.code == 404 and elsewhere.value.read() == path.encode()
