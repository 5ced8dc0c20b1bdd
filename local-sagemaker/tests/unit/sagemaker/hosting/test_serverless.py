"""Serverless endpoints: containers that run only while they are asked, and the limits of concurrency and size."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_sagemaker.sagemaker.container.images import Program
from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.hosting.serverless.on_demand import OnDemandServer
from local_sagemaker.sagemaker.hosting.serving.conversation import NoResponse
from local_sagemaker.sagemaker.hosting.serving.deployment import NotDeployed
from local_sagemaker.sagemaker.hosting.serving.ports import Ports
from local_sagemaker.sagemaker.hosting.serving.server import Container, Server
from local_sagemaker.sagemaker.jobs.store import Memory, Store
from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.account import eventually, unique
from support.hosting_world import ECHOES, VARIANT, HostingWorld, a_hosting_world, left_running
from support.sagemaker_world import ROLE

CONFIG = {"MemorySizeInMB": 2048, "MaxConcurrency": 2}
NEVER_IDLE_S = 600.0


@pytest.fixture
def world(s3: Any, tmp_path: Path) -> Iterator[HostingWorld]:
    with a_hosting_world(s3, tmp_path, hosting={"idle_after_s": NEVER_IDLE_S, "healthy_within_s": 20.0}) as world:
        yield world


class NeverHealthy(Server):
    """A server whose container starts until it is ended."""

    def __init__(self) -> None:
        super().__init__(Container(Program(Path("image")), Path("folder"), {}, lambda _: None), Ports(), Watchdog())
        self.is_starting, self._is_gone = threading.Event(), threading.Event()

    def hang(self) -> None:
        self.is_starting.set()
        self._is_gone.wait()
        raise NotDeployed("It was ended.")

    def end(self, grace_s: float = 0.0, answers_within_s: float = 0.0) -> None:
        self._is_gone.set()


def config_of(world: HostingWorld, model: str, **config: int) -> str:
    """The name of an endpoint config with one serverless variant."""
    name = unique("config")
    variant = {"VariantName": "AllTraffic", "ModelName": model, "ServerlessConfig": {**CONFIG, **config}}
    world.call("CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=[variant])
    return name


def deployed(world: HostingWorld, changes: str = ECHOES, **config: int) -> str:
    """The name of a serverless endpoint in service."""
    endpoint = world.endpoint(config_of(world, world.model(changes), **config))
    world.in_state(endpoint, "InService")
    return endpoint


def holds_until(gate: Path, mark: Path) -> str:
    """A program whose answers leave a line in `mark` and wait for `gate`."""
    return f"""
def invoke(request, body):
    with open({str(mark)!r}, 'a') as file: file.write('asked\\n')
    while not os.path.exists({str(gate)!r}): time.sleep(0.02)
    return 200, b'done'
"""


def counts_starts(starts: Path) -> str:
    return f"with open({str(starts)!r}, 'a') as file: file.write('started\\n')\n"


def lines(file: Path) -> int:
    return len(file.read_text().splitlines()) if file.exists() else 0


def refusal_without_retries(world: HostingWorld, endpoint: str) -> urllib.error.HTTPError:
    url = f"{world.runtime.meta.endpoint_url}/endpoints/{endpoint}/invocations"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url, data=b"x")
    return refused.value


def test_no_container_runs_before_the_first_invocation(world: HostingWorld) -> None:
    deployed(world)

    assert left_running(world.path) == []


def test_an_invocation_starts_a_container_that_answers(world: HostingWorld) -> None:
    endpoint = deployed(world)

    assert world.invoke(endpoint, "abc") == "ABC"
    assert len(left_running(world.path)) == 1


def test_a_container_that_was_idle_ends_and_the_next_invocation_starts_another(s3: Any, tmp_path: Path) -> None:
    with a_hosting_world(s3, tmp_path, hosting={"idle_after_s": 0.1}) as world:
        endpoint = deployed(world)
        world.invoke(endpoint)
        eventually(lambda: left_running(world.path) == [])

        assert world.invoke(endpoint, "abc") == "ABC"


def test_provisioned_concurrency_keeps_a_container_running(s3: Any, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    with a_hosting_world(s3, tmp_path, hosting={"idle_after_s": 0.0}) as world:
        endpoint = deployed(world, counts_starts(starts), ProvisionedConcurrency=1)

        world.invoke(endpoint)
        world.invoke(endpoint)

        assert lines(starts) == 1 and len(left_running(world.path)) == 1


def test_concurrent_invocations_share_one_cold_start(world: HostingWorld) -> None:
    starts = world.path / "starts"
    endpoint = deployed(world, counts_starts(starts), MaxConcurrency=8)
    before = lines(starts)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: world.invoke(endpoint, "abc"), range(8)))

    assert answers == ["ABC"] * 8
    assert lines(starts) - before == 1


def test_an_invocation_beyond_the_maximum_concurrency_is_throttled(world: HostingWorld) -> None:
    gate, mark = world.path / "gate", world.path / "mark"
    endpoint = deployed(world, holds_until(gate, mark), MaxConcurrency=2)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(world.invoke, endpoint) for _ in range(2)]
        eventually(lambda: lines(mark) == 2)

        refused = refusal_without_retries(world, endpoint)

        gate.touch()
        assert [answer.result() for answer in answers] == ["done", "done"]
    assert (refused.code, refused.headers["x-amzn-ErrorType"]) == (400, "ThrottlingException")
    assert json.loads(refused.read()) == {"message": None}
    assert world.invoke(endpoint) == "done"


def test_a_larger_concurrency_holds_once_the_endpoint_is_updated(world: HostingWorld) -> None:
    gate, mark = world.path / "gate", world.path / "mark"
    endpoint = deployed(world, holds_until(gate, mark), MaxConcurrency=1)

    change = {"VariantName": "AllTraffic", "ServerlessUpdateConfig": {"MaxConcurrency": 2}}
    world.call("UpdateEndpointWeightsAndCapacities", EndpointName=endpoint, DesiredWeightsAndCapacities=[change])

    [variant] = world.in_state(endpoint, "InService")["ProductionVariants"]
    assert variant["CurrentServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 2}
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(world.invoke, endpoint) for _ in range(2)]
        eventually(lambda: lines(mark) == 2)
        gate.touch()
        assert [answer.result() for answer in answers] == ["done", "done"]


def test_a_serverless_request_has_at_most_4_megabytes(world: HostingWorld) -> None:
    endpoint = deployed(world)

    assert len(world.invoke(endpoint, b"x" * 4_194_304)) == 4_194_304
    with pytest.raises(ClientError, match="HTTP content length exceeded 4194304 bytes") as refused:
        world.invoke(endpoint, b"x" * 4_194_305)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413


def test_describe_shows_the_serverless_config_and_no_instances(world: HostingWorld) -> None:
    endpoint = deployed(world)

    [variant] = world.call("DescribeEndpoint", EndpointName=endpoint)["ProductionVariants"]

    assert (variant["CurrentServerlessConfig"], variant["CurrentInstanceCount"]) == (CONFIG, 0)
    assert {"DesiredServerlessConfig", "DesiredInstanceCount"} & variant.keys() == set()


def test_a_pending_deployment_shows_the_desired_serverless_config(world: HostingWorld) -> None:
    gate = world.path / "gate"
    waits = f"while not os.path.exists({str(gate)!r}): time.sleep(0.02)"
    endpoint = world.endpoint(config_of(world, world.model(waits)))

    pending = world.call("DescribeEndpoint", EndpointName=endpoint)["PendingDeploymentSummary"]

    gate.touch()
    assert pending["ProductionVariants"][0]["DesiredServerlessConfig"] == CONFIG
    world.in_state(endpoint, "InService")


def test_a_serverless_endpoint_whose_container_never_gets_healthy_fails(world: HostingWorld) -> None:
    endpoint = world.endpoint(config_of(world, world.model("sys.exit(3)")))

    described = world.in_state(endpoint, "Failed")

    assert "AllTraffic did not pass the ping health check" in described["FailureReason"]


def test_a_cold_start_that_fails_is_a_model_error_and_the_next_one_is_tried(world: HostingWorld) -> None:
    broken = world.path / "broken"
    endpoint = deployed(world, f"if os.path.exists({str(broken)!r}): sys.exit(3)")
    broken.touch()
    with pytest.raises(ClientError, match=r"Received server error \(503\) from primary.* ended with exit code 3"):
        world.invoke(endpoint)
    broken.unlink()

    assert world.invoke(endpoint, "abc") == "ABC"


def test_an_endpoint_is_deleted_while_its_container_starts(world: HostingWorld) -> None:
    hangs = world.path / "hangs"
    endpoint = deployed(world, f"while os.path.exists({str(hangs)!r}): time.sleep(0.02)")
    hangs.touch()
    errors: list[str] = []

    def invoke() -> None:
        with pytest.raises(ClientError) as refused:
            world.invoke(endpoint)
        errors.append(refused.value.response["Error"]["Message"])

    asking = threading.Thread(target=invoke)
    asking.start()
    eventually(lambda: len(left_running(world.path)) == 1)

    world.call("DeleteEndpoint", EndpointName=endpoint)

    eventually(lambda: not world.call("ListEndpoints", NameContains=endpoint)["Endpoints"])
    asking.join()
    assert left_running(world.path) == []
    assert len(errors) == 1 and "The endpoint is being deleted or updated." in errors[0]


def test_the_end_waits_for_no_request_that_waits_for_a_container() -> None:
    hangs = NeverHealthy()
    on_demand = OnDemandServer(hangs.container, lambda: hangs, NeverHealthy.hang, CONFIG, NEVER_IDLE_S)
    with ThreadPoolExecutor(2) as pool, ExitStack() as lastly:
        lastly.callback(hangs.end)
        asked = pool.submit(on_demand.ask, "POST", "/invocations", b"", {}, NEVER_IDLE_S)
        eventually(hangs.is_starting.is_set)

        ended = pool.submit(on_demand.end, answers_within_s=NEVER_IDLE_S)

        eventually(ended.done)
        assert isinstance(asked.exception(), NoResponse)


def test_a_serverless_endpoint_becomes_one_with_instances(world: HostingWorld) -> None:
    endpoint = deployed(world)

    world.call("UpdateEndpoint", EndpointName=endpoint, EndpointConfigName=world.config({"ModelName": world.model()}))

    [variant] = world.in_state(endpoint, "InService")["ProductionVariants"]
    assert variant["CurrentInstanceCount"] == 1 and "CurrentServerlessConfig" not in variant
    assert world.invoke(endpoint, "abc") == "ABC"


def test_an_endpoint_with_instances_does_not_become_serverless(world: HostingWorld) -> None:
    endpoint = world.deployed()

    with pytest.raises(ServiceError, match="cannot be updated to a serverless endpoint") as refused:
        world.call("UpdateEndpoint", EndpointName=endpoint, EndpointConfigName=config_of(world, world.model()))

    assert refused.value.code == "ValidationException"
    assert world.call("DescribeEndpoint", EndpointName=endpoint)["EndpointStatus"] == "InService"


def test_an_update_to_another_model_answers_from_that_model(world: HostingWorld) -> None:
    endpoint = deployed(world)
    world.invoke(endpoint)
    second = config_of(world, world.model("def invoke(request, body): return 200, b'second'"))

    world.call("UpdateEndpoint", EndpointName=endpoint, EndpointConfigName=second, RetainAllVariantProperties=True)

    world.in_state(endpoint, "InService")
    assert world.invoke(endpoint) == "second"
    assert len(left_running(world.path)) == 1


def test_a_serverless_endpoint_is_in_service_again_after_a_restart(s3: Any, tmp_path: Path) -> None:
    rows, programs = Memory(), dict[str, Path]()
    with a_hosting_world(s3, tmp_path, programs=programs, store=Store(rows)) as world:
        endpoint = deployed(world)
        world.invoke(endpoint)

    with a_hosting_world(s3, tmp_path, programs=programs, store=Store(rows)) as world:
        world.sagemaker.resume()
        [variant] = world.in_state(endpoint, "InService")["ProductionVariants"]

        assert variant["CurrentServerlessConfig"] == CONFIG
        assert world.invoke(endpoint, "abc") == "ABC"


def test_the_event_of_a_serverless_endpoint_has_its_config(world: HostingWorld) -> None:
    endpoint = deployed(world)

    last = world.told(endpoint)[-1]

    assert last["EndpointStatus"] == "IN_SERVICE"
    assert last["ProductionVariants"][0]["CurrentServerlessConfig"] == CONFIG


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ServerlessConfig": {**CONFIG, "MemorySizeInMB": 1500}}, "must be a multiple of 1024, not 1500"),
        ({"ServerlessConfig": {**CONFIG, "MemorySizeInMB": 7168}}, "less than or equal to 6144"),
        ({"ServerlessConfig": {**CONFIG, "MaxConcurrency": 201}}, "less than or equal to 200"),
        ({"ServerlessConfig": {**CONFIG, "ProvisionedConcurrency": 3}}, "at most MaxConcurrency, 2, not 3"),
        (VARIANT, "must not have InstanceType"),
    ],
)
def test_a_serverless_variant_is_refused(world: HostingWorld, changes: dict[str, Any], words: str) -> None:
    variant = {"VariantName": "v", "ModelName": world.model(), "ServerlessConfig": CONFIG, **changes}

    with pytest.raises(ServiceError, match=words):
        world.call("CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=[variant])


def test_two_variants_are_refused_if_one_is_serverless(world: HostingWorld) -> None:
    model = world.model()
    first = {"VariantName": "a", "ModelName": model, "ServerlessConfig": CONFIG}
    second = {"VariantName": "b", "ModelName": model, **VARIANT}

    with pytest.raises(ServiceError, match="only one production variant"):
        world.call("CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=[first, second])


@pytest.mark.parametrize(
    "more",
    [
        {"EnableNetworkIsolation": True},
        {"VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}},
        {"PrimaryContainer": {"Image": "i:1", "ImageConfig": {"RepositoryAccessMode": "Vpc"}}},
    ],
)
def test_a_model_with_an_excluded_feature_is_not_served(world: HostingWorld, more: dict[str, Any]) -> None:
    model = unique("model")
    members = {"PrimaryContainer": {"Image": "i:1"}, "ExecutionRoleArn": ROLE, **more}
    world.call("CreateModel", ModelName=model, **members)

    with pytest.raises(ServiceError, match=r"Serverless endpoints (do not support|support neither)"):
        config_of(world, model)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DesiredInstanceCount": 2}, "has no instances"),
        ({"ServerlessUpdateConfig": {"ProvisionedConcurrency": 3}}, "at most MaxConcurrency, 2, not 3"),
    ],
)
def test_a_change_of_a_serverless_variant_is_refused(world: HostingWorld, change: dict[str, Any], words: str) -> None:
    endpoint = deployed(world)
    changes = [{"VariantName": "AllTraffic", **change}]

    with pytest.raises(ServiceError, match=words):
        world.call("UpdateEndpointWeightsAndCapacities", EndpointName=endpoint, DesiredWeightsAndCapacities=changes)


def test_a_variant_with_instances_has_no_concurrency_to_change(world: HostingWorld) -> None:
    endpoint = world.deployed()
    changes = [{"VariantName": "AllTraffic", "ServerlessUpdateConfig": {"MaxConcurrency": 2}}]

    with pytest.raises(ServiceError, match="is not serverless"):
        world.call("UpdateEndpointWeightsAndCapacities", EndpointName=endpoint, DesiredWeightsAndCapacities=changes)
