"""Production variants and their traffic; endpoints that are updated while they serve."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.account import eventually
from support.hosting_world import HostingWorld, a_hosting_world, left_running

FIRST = "def invoke(request, body): return 200, b'first'"
SECOND = "def invoke(request, body): return 200, b'second'"


@pytest.fixture
def world(s3: Any, tmp_path: Path) -> Iterator[HostingWorld]:
    with a_hosting_world(s3, tmp_path, hosting={"healthy_within_s": 3.0, "seed": 1}) as world:
        yield world


def two_variants(world: HostingWorld, weights: tuple[float, float]) -> str:
    """An endpoint in service with the variants a, which answers "first", and b, "second"."""
    models = (world.model(FIRST), world.model(SECOND))
    variants = [
        {"VariantName": name, "ModelName": model, "InitialVariantWeight": weight}
        for name, model, weight in zip("ab", models, weights, strict=True)
    ]
    endpoint = world.endpoint(world.config(*variants))
    world.in_state(endpoint, "InService")
    return endpoint


def answers(world: HostingWorld, endpoint: str, number: int) -> Counter[str]:
    return Counter(world.invoke(endpoint) for _ in range(number))


def weights(world: HostingWorld, endpoint: str) -> dict[str, float]:
    described = world.call("DescribeEndpoint", EndpointName=endpoint)
    return {one["VariantName"]: one["CurrentWeight"] for one in described["ProductionVariants"]}


def update(world: HostingWorld, endpoint: str, config: str, **more: Any) -> None:
    world.call("UpdateEndpoint", EndpointName=endpoint, EndpointConfigName=config, **more)


def test_traffic_is_split_by_weight(world: HostingWorld) -> None:
    endpoint = two_variants(world, (3.0, 1.0))

    seen = answers(world, endpoint, 80)

    # 80 draws with p = 3/4: mean 60, standard deviation sqrt(80 * 3/4 * 1/4) = 3.9; 45 and 75 are four of them away
    assert 45 < seen["first"] < 75 and seen["first"] + seen["second"] == 80
    assert weights(world, endpoint) == {"a": 3.0, "b": 1.0}


def test_a_variant_without_weight_gets_no_traffic_unless_it_is_asked_for(world: HostingWorld) -> None:
    endpoint = two_variants(world, (1.0, 0.0))

    assert answers(world, endpoint, 20) == {"first": 20}
    assert world.invoke(endpoint, TargetVariant="b") == "second"


def test_the_same_seed_splits_the_traffic_in_the_same_way(s3: Any, tmp_path: Path) -> None:
    seen = []
    for path in (tmp_path / "1", tmp_path / "2"):
        with a_hosting_world(s3, path, hosting={"seed": 7}) as world:
            endpoint = two_variants(world, (1.0, 1.0))
            seen.append([world.invoke(endpoint) for _ in range(20)])

    assert seen[0] == seen[1] and len(set(seen[0])) == 2


def test_weights_can_be_changed_while_it_serves(world: HostingWorld) -> None:
    endpoint = two_variants(world, (1.0, 0.0))

    changes = [{"VariantName": "a", "DesiredWeight": 0.0}, {"VariantName": "b", "DesiredWeight": 2.0}]
    world.call("UpdateEndpointWeightsAndCapacities", EndpointName=endpoint, DesiredWeightsAndCapacities=changes)

    world.in_state(endpoint, "InService")
    assert weights(world, endpoint) == {"a": 0.0, "b": 2.0}
    assert answers(world, endpoint, 20) == {"second": 20}
    assert world.states(endpoint) == ["CREATING", "IN_SERVICE", "UPDATING", "IN_SERVICE"]


def test_an_update_serves_the_old_until_the_new_is_healthy(world: HostingWorld) -> None:
    endpoint = world.deployed(FIRST)
    gate = world.path / "gate"
    waits = f"\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.02)"
    config = world.config({"ModelName": world.model(SECOND + waits)})

    update(world, endpoint, config)
    described = world.in_state(endpoint, "Updating")
    assert described["PendingDeploymentSummary"]["EndpointConfigName"] == config
    assert world.invoke(endpoint) == "first"
    gate.touch()

    described = world.in_state(endpoint, "InService")
    assert world.invoke(endpoint) == "second"
    assert described["EndpointConfigName"] == config
    eventually(lambda: len(left_running(world.path)) == 1)


def test_an_update_waits_for_answers_that_are_under_way(world: HostingWorld) -> None:
    started = world.path / "started"
    slow = f"def invoke(request, body): open({str(started)!r}, 'w').close(); time.sleep(1); return 200, b'in the end'"
    endpoint = world.deployed(slow)

    heard: list[str] = []
    asking = Thread(target=lambda: heard.append(world.invoke(endpoint)))
    asking.start()
    eventually(started.exists)

    update(world, endpoint, world.config({"ModelName": world.model(SECOND)}))

    world.in_state(endpoint, "InService")
    asking.join()
    assert heard == ["in the end"]


def test_an_update_that_fails_rolls_back_to_what_served_before(world: HostingWorld) -> None:
    endpoint = world.deployed(FIRST)
    before = world.call("DescribeEndpoint", EndpointName=endpoint)["EndpointConfigName"]

    update(world, endpoint, world.config({"ModelName": world.model("sys.exit(1)")}))

    described = eventually(lambda: _failed(world, endpoint))
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", before)
    assert "did not pass the ping health check" in described["FailureReason"]
    assert world.invoke(endpoint) == "first"
    assert world.states(endpoint)[-3:] == ["UPDATING", "ROLLING_BACK", "IN_SERVICE"]


@pytest.mark.parametrize(
    ("retain", "weight"),
    [
        ({}, 5.0),
        ({"RetainAllVariantProperties": True}, 2.0),
        (
            {
                "RetainAllVariantProperties": True,
                "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DesiredWeight"}],
            },
            5.0,
        ),
    ],
)
def test_an_update_may_retain_the_weights(world: HostingWorld, retain: dict[str, Any], weight: float) -> None:
    model = world.model()
    endpoint = world.endpoint(world.config({"ModelName": model, "InitialVariantWeight": 2.0}))
    world.in_state(endpoint, "InService")

    update(world, endpoint, world.config({"ModelName": model, "InitialVariantWeight": 5.0}), **retain)

    world.in_state(endpoint, "InService")
    assert weights(world, endpoint) == {"AllTraffic": weight}


def test_an_endpoint_that_is_being_created_can_be_neither_updated_nor_deleted(world: HostingWorld) -> None:
    config = world.config({"ModelName": world.model("time.sleep(60)")})
    endpoint = world.endpoint(config)
    words = f'Cannot update in-progress endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/{endpoint}".'

    for refused in (
        lambda: update(world, endpoint, config),
        lambda: world.call("DeleteEndpoint", EndpointName=endpoint),
    ):
        with pytest.raises(ServiceError, match=words) as error:
            refused()
        assert error.value.code == "ValidationException"


def test_a_failed_endpoint_can_only_be_deleted(world: HostingWorld) -> None:
    config = world.config({"ModelName": world.model("sys.exit(1)")})
    endpoint = world.endpoint(config)
    world.in_state(endpoint, "Failed")

    with pytest.raises(ServiceError, match="it can only be deleted"):
        update(world, endpoint, config)
    world.call("DeleteEndpoint", EndpointName=endpoint)

    eventually(lambda: not world.call("ListEndpoints")["Endpoints"])
    with pytest.raises(ClientError, match="not found"):
        world.invoke(endpoint)


def _failed(world: HostingWorld, endpoint: str) -> Any:
    described = world.call("DescribeEndpoint", EndpointName=endpoint)
    return described if described["EndpointStatus"] == "InService" and "FailureReason" in described else None
