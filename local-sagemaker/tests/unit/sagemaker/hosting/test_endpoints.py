"""Endpoints: from CreateModel to what a container answers, and to the end of its process."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.account import eventually
from support.hosting_world import HostingWorld, a_hosting_world, left_running

NEVER_HEALTHY = "def get(path): return 503, b''"
SHOWS_ITS_ENVIRONMENT = "def invoke(request, body): return 200, json.dumps(dict(os.environ)).encode()"
READS_ITS_MODEL = "text = open(ml + '/model/' + 'm.txt').read()\ndef invoke(request, body): return 200, text.encode()"


@pytest.fixture
def world(s3: Any, tmp_path: Path) -> Iterator[HostingWorld]:
    with a_hosting_world(s3, tmp_path, hosting={"healthy_within_s": 3.0}) as world:
        yield world


def test_an_endpoint_answers_as_its_container_does(world: HostingWorld) -> None:
    endpoint = world.deployed()

    assert world.invoke(endpoint, "abc") == "ABC"


def test_a_container_finds_its_model_unpacked(world: HostingWorld) -> None:
    endpoint = world.deployed(READS_ITS_MODEL, ModelDataUrl=world.artifact(**{"m.txt": "weights"}))

    assert world.invoke(endpoint) == "weights"


def test_a_model_data_source_of_one_archive_is_unpacked_too(world: HostingWorld) -> None:
    source = {"S3Uri": world.artifact(**{"m.txt": "weights"}), "S3DataType": "S3Object", "CompressionType": "Gzip"}

    endpoint = world.deployed(READS_ITS_MODEL, ModelDataSource={"S3DataSource": source})

    assert world.invoke(endpoint) == "weights"


def test_a_container_gets_its_models_variables_and_nobodys_credentials(
    world: HostingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "secret")

    endpoint = world.deployed(SHOWS_ITS_ENVIRONMENT, Environment={"WORKERS": "2", "ML_ROOT": "/elsewhere"})

    seen = json.loads(world.invoke(endpoint))
    assert seen["WORKERS"] == "2" and seen["SAGEMAKER_BIND_TO_PORT"].isdecimal()
    assert seen["ML_ROOT"].startswith(str(world.home))
    assert seen["AWS_ACCESS_KEY_ID"] == "local" and seen["AWS_ENDPOINT_URL"] == world.s3.meta.endpoint_url


def test_an_endpoint_goes_through_its_states_and_tells_of_them(world: HostingWorld) -> None:
    endpoint = world.deployed()
    world.call("DeleteEndpoint", EndpointName=endpoint)
    eventually(lambda: not world.call("ListEndpoints", NameContains=endpoint)["Endpoints"])

    assert world.states(endpoint) == ["CREATING", "IN_SERVICE", "DELETING"]
    assert left_running(world.path) == []


def test_describe_shows_the_variants_that_serve(world: HostingWorld) -> None:
    model = world.model()
    endpoint = world.endpoint(world.config({"ModelName": model, "InitialInstanceCount": 3}))

    described = world.in_state(endpoint, "InService")

    [variant] = described["ProductionVariants"]
    assert (variant["VariantName"], variant["CurrentWeight"]) == ("AllTraffic", 1.0)
    assert (variant["CurrentInstanceCount"], variant["DesiredInstanceCount"]) == (3, 3)
    assert "PendingDeploymentSummary" not in described and "FailureReason" not in described


def test_a_container_that_is_never_healthy_fails_its_endpoint_in_time(world: HostingWorld) -> None:
    endpoint = world.endpoint(world.config({"ModelName": world.model(NEVER_HEALTHY)}))

    described = world.in_state(endpoint, "Failed")

    words = "The primary container for production variant AllTraffic did not pass the ping health check."
    assert described["FailureReason"].startswith(words)
    assert "SAGEMAKER_BIND_TO_PORT" in described["FailureReason"]
    assert world.states(endpoint) == ["CREATING", "FAILED"]


def test_a_container_that_ends_fails_its_endpoint_at_once_and_the_reason_names_its_log(world: HostingWorld) -> None:
    model = world.model("say('no model'); sys.exit(3)")

    described = world.in_state(world.endpoint(world.config({"ModelName": model})), "Failed")

    assert "ended with exit code 3" in described["FailureReason"]
    log = Path(described["FailureReason"].rsplit(" ", 1)[1].removesuffix("."))
    assert log.read_text() == "no model\n"


def test_an_image_without_a_program_here_fails_the_endpoint(world: HostingWorld) -> None:
    model = world.model(Image="nobody/knows:1")

    described = world.in_state(world.endpoint(world.config({"ModelName": model})), "Failed")

    assert "nobody/knows:1" in described["FailureReason"]


def test_an_artifact_that_is_no_archive_fails_the_endpoint(world: HostingWorld) -> None:
    world.put(**{"model.tar.gz": "no archive"})
    model = world.model(ModelDataUrl=f"s3://{world.bucket}/model.tar.gz")

    described = world.in_state(world.endpoint(world.config({"ModelName": model})), "Failed")

    assert f"s3://{world.bucket}/model.tar.gz is not a valid tar.gz" in described["FailureReason"]


def test_a_container_that_dies_is_started_again(world: HostingWorld) -> None:
    endpoint = world.deployed("def invoke(request, body): return (200, b'well') if body != b'die' else os._exit(1)")

    with pytest.raises(ClientError, match=r"Received server error \(503\) from primary"):
        world.invoke(endpoint, "die")

    def answers() -> bool:
        try:
            return world.invoke(endpoint) == "well"
        except ClientError:
            return False

    eventually(answers)
    assert "is restarted" in world.log_of(endpoint)


def test_an_endpoint_serves_on_when_its_model_and_config_are_deleted(world: HostingWorld) -> None:
    model = world.model()
    config = world.config({"ModelName": model})
    endpoint = world.endpoint(config)
    world.in_state(endpoint, "InService")

    world.call("DeleteModel", ModelName=model)
    world.call("DeleteEndpointConfig", EndpointConfigName=config)

    assert world.invoke(endpoint, "abc") == "ABC"
    assert world.call("DescribeEndpoint", EndpointName=endpoint)["EndpointConfigName"] == config


def test_containers_that_ignore_sigterm_are_killed_with_all_that_they_started(world: HostingWorld) -> None:
    world.deployed("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nif not os.fork(): time.sleep(600)")
    assert len(left_running(world.path)) == 2

    world.sagemaker.stop()

    assert left_running(world.path) == []


def test_what_a_container_says_is_in_cloudwatch_logs(s3: Any, tmp_path: Path) -> None:
    lines: list[tuple[str, str, str]] = []
    put = lambda group, stream, _, line: lines.append((group, stream, line))  # noqa: E731
    with a_hosting_world(s3, tmp_path, put_log=put) as world:
        endpoint = world.deployed("say('loaded')")
        world.put(**{"in/a.csv": "x"})
        job = world.transform(ModelName=world.model("say('loaded')"))
        world.transform_ended(job)

    (group, stream, line), *of_the_job = lines
    assert (group, line) == (f"/aws/sagemaker/Endpoints/{endpoint}", "loaded")
    assert re.fullmatch(r"AllTraffic/i-[0-9a-f]{17}", stream)
    assert {found[0] for found in of_the_job} == {"/aws/sagemaker/TransformJobs"}
    assert all(found[1].startswith(f"{job}/i-") for found in of_the_job)
    assert of_the_job[0][2] == "loaded"
    assert of_the_job[1][2].endswith(
        "[sagemaker logs]: MaxConcurrentTransforms=1, MaxPayloadInMB=6, BatchStrategy=MULTI_RECORD"
    )


def test_a_model_without_network_gets_no_way_to_aws(world: HostingWorld) -> None:
    container = {"Image": world.serving_image(SHOWS_ITS_ENVIRONMENT)}
    world.call("CreateModel", ModelName="alone", PrimaryContainer=container, EnableNetworkIsolation=True)
    endpoint = world.endpoint(world.config({"ModelName": "alone"}))
    world.in_state(endpoint, "InService")

    seen = json.loads(world.invoke(endpoint))

    assert not [name for name in seen if name.startswith("AWS_")]
