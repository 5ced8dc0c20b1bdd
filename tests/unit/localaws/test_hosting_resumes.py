"""What a local AWS that ended left in its store: the next one goes on with it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.localaws.account import eventually
from tests.unit.localaws.hosting_world import HostingWorld, a_hosting_world

Again = Callable[[], AbstractContextManager[HostingWorld]]


class JsonStore:
    """Rows of JSON, as a store on a disk has them."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], str] = {}

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def save(self, kind: str, name: str, value: Any) -> None:
        self.rows[kind, name.lower()] = json.dumps(asdict(value))

    def delete(self, kind: str, name: str) -> None:
        del self.rows[kind, name.lower()]

    def load(self, kind: str, value_type: type[Any]) -> list[Any]:
        return [value_type(**json.loads(row)) for (found, _), row in self.rows.items() if found == kind]


@pytest.fixture
def store() -> JsonStore:
    return JsonStore()


@pytest.fixture
def again(s3: Any, tmp_path: Path, store: JsonStore) -> Iterator[Again]:
    """A world with the same store and the same images as the one before."""
    programs: dict[str, Path] = {}

    def make() -> AbstractContextManager[HostingWorld]:
        hosting = {"healthy_within_s": 5.0, "store": store}
        return a_hosting_world(s3, tmp_path, programs=programs, hosting=hosting)

    yield make


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


def test_an_endpoint_that_was_being_deleted_is_gone(again: Again, store: JsonStore) -> None:
    with again() as world:
        endpoint = world.deployed()
    row = store.rows["endpoint", endpoint]
    store.rows["endpoint", endpoint] = row.replace('"status": "InService"', '"status": "Deleting"')

    with again() as world:
        world.sagemaker.resume()

        eventually(lambda: not world.call("ListEndpoints")["Endpoints"])
        with pytest.raises(ClientError, match="not found"):
            world.invoke(endpoint)
    assert ("endpoint", endpoint) not in store.rows


def test_a_failed_endpoint_stays_failed(again: Again) -> None:
    with again() as world:
        endpoint = world.endpoint(world.config({"ModelName": world.model("sys.exit(1)")}))
        failed = world.in_state(endpoint, "Failed")

    with again() as world:
        world.sagemaker.resume()
        time.sleep(0.1)

        assert world.call("DescribeEndpoint", EndpointName=endpoint) == failed
