"""What a local AWS that ended left in its store: the next one goes on with it."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_sagemaker.sagemaker.hosting.resources.records import Endpoint
from local_sagemaker.sagemaker.jobs.store import Memory, Store
from support.account import eventually
from support.hosting_world import HostingWorld, a_hosting_world

Again = Callable[[], AbstractContextManager[HostingWorld]]


@pytest.fixture
def rows() -> Memory:
    """What the worlds of a test keep: rows of JSON."""
    return Memory()


@pytest.fixture
def again(s3: Any, tmp_path: Path, rows: Memory) -> Again:
    """A world with the same rows and the same images as the one before."""
    programs: dict[str, Path] = {}

    def make() -> AbstractContextManager[HostingWorld]:
        return a_hosting_world(s3, tmp_path, programs=programs, store=Store(rows), hosting={"healthy_within_s": 5.0})

    return make


def test_an_endpoint_that_was_in_service_serves_again(again: Again) -> None:
    with again() as world:
        endpoint = world.deployed()

    with again() as world:
        world.sagemaker.resume()
        told = world.states(endpoint)[0]
        world.in_state(endpoint, "InService")

        assert world.invoke(endpoint, "abc") == "ABC"
        assert told == "SYSTEM_UPDATING"
        assert len(list((world.home / "endpoints" / endpoint).glob("AllTraffic/*/opt"))) == 1


def test_everything_else_is_there_again_too(again: Again) -> None:
    with again() as world:
        model = world.model()
        config = world.config({"ModelName": model})
        deleted = world.model()
        world.call("DeleteModel", ModelName=deleted)
        world.put(**{"in/a.csv": "x"})
        job = world.transform(ModelName=model, Tags=[{"Key": "a", "Value": "1"}])
        ended = world.transform_ended(job)

    with again() as world:
        world.sagemaker.resume()

        assert [one["ModelName"] for one in world.call("ListModels")["Models"]] == [model]
        assert world.call("DescribeEndpointConfig", EndpointConfigName=config)["EndpointConfigName"] == config
        assert world.call("DescribeTransformJob", TransformJobName=job) == ended
        tags = world.call("ListTags", ResourceArn=ended["TransformJobArn"])["Tags"]
        assert tags == [{"Key": "a", "Value": "1"}] and world.told(job) == []


def test_an_endpoint_that_was_being_created_is_created(again: Again) -> None:
    with again() as world:
        gate = world.path / "gate"
        waits = f"while not os.path.exists({str(gate)!r}): time.sleep(0.02)"
        endpoint = world.endpoint(world.config({"ModelName": world.model(waits)}))
        eventually((world.home / "endpoints" / endpoint).exists)

    gate.touch()
    with again() as world:
        world.sagemaker.resume()

        world.in_state(endpoint, "InService")
        assert world.invoke(endpoint, "abc") == "ABC"


def test_an_update_that_was_under_way_goes_on(again: Again) -> None:
    with again() as world:
        endpoint = world.deployed()
        gate = world.path / "gate"
        waits = f"while not os.path.exists({str(gate)!r}): time.sleep(0.02)"
        config = world.config({"ModelName": world.model(f"def invoke(request, body): return 200, b'new'\n{waits}")})
        world.call("UpdateEndpoint", EndpointName=endpoint, EndpointConfigName=config)

    gate.touch()
    with again() as world:
        world.sagemaker.resume()

        assert world.in_state(endpoint, "InService")["EndpointConfigName"] == config
        assert world.invoke(endpoint) == "new"


def test_a_transform_job_that_was_running_starts_again(again: Again) -> None:
    with again() as world:
        world.put(**{"in/a.csv": "x"})
        gate = world.path / "gate"
        waits = f"while not os.path.exists({str(gate)!r}): time.sleep(0.02)"
        job = world.transform(ModelName=world.model(waits))

    gate.touch()
    with again() as world:
        world.sagemaker.resume()

        assert world.transform_ended(job)["TransformJobStatus"] == "Completed"


def test_an_endpoint_that_was_being_deleted_is_gone(again: Again, rows: Memory) -> None:
    with again() as world:
        endpoint = world.deployed()
    store = Store(rows)
    [kept] = store.load("endpoint", Endpoint)
    store.save("endpoint", endpoint, replace(kept, status="Deleting"))

    with again() as world:
        world.sagemaker.resume()

        eventually(lambda: not world.call("ListEndpoints")["Endpoints"])
        with pytest.raises(ClientError, match="not found"):
            world.invoke(endpoint)
    assert store.load("endpoint", Endpoint) == []


def test_a_failed_endpoint_stays_failed(again: Again) -> None:
    with again() as world:
        endpoint = world.endpoint(world.config({"ModelName": world.model("sys.exit(1)")}))
        failed = world.in_state(endpoint, "Failed")

    with again() as world:
        world.sagemaker.resume()
        time.sleep(0.1)

        assert world.call("DescribeEndpoint", EndpointName=endpoint) == failed
