"""Batch transform: what a container is sent of each object, and what is stored of its answers."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.account import eventually
from support.hosting_world import HostingWorld, a_hosting_world, left_running

LENGTHS = "def invoke(request, body): return 200, str(len(body)).encode()"
"""Answers with the number of bytes that it got."""
SAYS_PARAMETERS = """
def get(path):
    said = {"MaxConcurrentTransforms": 3, "BatchStrategy": "SINGLE_RECORD", "MaxPayloadInMB": 2}
    return (200, json.dumps(said).encode()) if path == "/execution-parameters" else (200, b"")
"""
REFUSES_BAD = "def invoke(request, body): return (400, b'bad row') if b'bad' in body else (200, body)"


@pytest.fixture
def world(s3: Any, tmp_path: Path) -> Iterator[HostingWorld]:
    with a_hosting_world(s3, tmp_path, hosting={"healthy_within_s": 3.0}) as world:
        yield world


def source(world: HostingWorld, **changes: Any) -> dict[str, Any]:
    """A TransformInput of all that lies under `in/`."""
    data = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{world.bucket}/in/"}
    return {"DataSource": {"S3DataSource": data}, "ContentType": "text/csv", **changes}


def test_each_objects_results_lie_under_its_own_path(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "x\ny\n", "in/more/b.csv": "z\n", "other/c.csv": "no"})

    ended = world.transformed(ModelName=world.model())

    assert ended["TransformJobStatus"] == "Completed"
    assert world.outputs() == {"a.csv.out": "X\nY\n", "more/b.csv.out": "Z\n"}


def test_a_job_tells_of_its_states_and_leaves_nothing_running(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "x"})

    name = world.transform(ModelName=world.model(), Tags=[{"Key": "dataset", "Value": "iris"}])

    ended = world.transform_ended(name)
    told = eventually(lambda: found if len(found := world.told(name)) == 2 else [])
    assert [detail["TransformJobStatus"] for detail in told] == ["InProgress", "Completed"]
    assert told[1]["Tags"] == {"dataset": "iris"} and told[1]["TransformEndTime"] >= told[1]["TransformStartTime"]
    assert ended["TransformStartTime"] <= ended["TransformEndTime"]
    assert left_running(world.path) == []


def test_an_object_that_is_not_split_is_one_payload(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "1\n22\n", "in/empty.csv": ""})

    world.transformed(ModelName=world.model(LENGTHS), TransformInput=source(world))

    assert world.outputs() == {"a.csv.out": "5\n", "empty.csv.out": ""}


def test_single_records_are_sent_one_by_one_without_their_ends(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "1\n22\n333"})

    world.transformed(ModelName=world.model(LENGTHS), BatchStrategy="SingleRecord")

    assert world.outputs() == {"a.csv.out": "1\n2\n3\n"}


def test_as_many_records_are_sent_together_as_a_payload_holds(world: HostingWorld) -> None:
    half = "x" * (512 * 1024 - 1) + "\n"  # half a megabyte with its end: two make a payload of one
    world.put(**{"in/a.csv": half * 5})

    world.transformed(ModelName=world.model(LENGTHS), MaxPayloadInMB=1, MaxConcurrentTransforms=2)

    assert world.outputs() == {"a.csv.out": f"{1024 * 1024}\n{1024 * 1024}\n{512 * 1024 - 1}\n"}


def test_results_stand_in_the_order_of_their_records_whoever_is_faster(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "".join(f"{number}\n" for number in range(20))})
    later = "def invoke(request, body): time.sleep(0.1 if int(body) % 4 == 0 else 0); return 200, body"

    world.transformed(ModelName=world.model(later), BatchStrategy="SingleRecord", MaxConcurrentTransforms=4)

    assert world.outputs()["a.csv.out"].split() == [str(number) for number in range(20)]


def test_a_container_says_how_much_it_takes_where_the_job_does_not(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "1\n22\n"})

    name = world.transform(ModelName=world.model(LENGTHS + SAYS_PARAMETERS))

    world.transform_ended(name)
    assert world.outputs() == {"a.csv.out": "1\n2\n"}
    log = (world.home / "transform-jobs" / name / "log.txt").read_text()
    assert "MaxConcurrentTransforms=3, MaxPayloadInMB=2, BatchStrategy=SINGLE_RECORD" in log


def test_a_container_knows_from_its_environment_that_it_is_in_a_job(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "x"})
    shows = "def invoke(request, body): return 200, json.dumps(dict(os.environ)).encode()"
    asked = {"BatchStrategy": "MultiRecord", "MaxPayloadInMB": 7, "Environment": {"LEVEL": "job"}}

    world.transformed(ModelName=world.model(shows, Environment={"LEVEL": "model", "OTHER": "1"}), **asked)

    seen = json.loads(world.outputs()["a.csv.out"])
    assert (seen["SAGEMAKER_BATCH"], seen["SAGEMAKER_BATCH_STRATEGY"]) == ("true", "MULTI_RECORD")
    assert seen["SAGEMAKER_MAX_PAYLOAD_IN_MB"] == "7" and "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS" not in seen
    assert (seen["LEVEL"], seen["OTHER"]) == ("job", "1")


def test_a_manifest_says_which_objects(world: HostingWorld) -> None:
    manifest = [{"prefix": f"s3://{world.bucket}/in/"}, "b.csv", "more/c.csv"]
    world.put(**{"in/a.csv": "a", "in/b.csv": "b", "in/more/c.csv": "c", "list.json": json.dumps(manifest)})
    data = {"S3DataType": "ManifestFile", "S3Uri": f"s3://{world.bucket}/list.json"}

    world.transformed(ModelName=world.model(), TransformInput=source(world, DataSource={"S3DataSource": data}))

    assert world.outputs() == {"b.csv.out": "B\n", "more/c.csv.out": "C\n"}


def test_compressed_objects_are_sent_decompressed(world: HostingWorld) -> None:
    world.s3.put_object(Bucket=world.bucket, Key="in/a.csv.gz", Body=gzip.compress(b"x\ny\n"))

    world.transformed(ModelName=world.model(), TransformInput=source(world, CompressionType="Gzip", SplitType="Line"))

    assert world.outputs() == {"a.csv.gz.out": "X\nY\n"}


def test_an_object_with_a_bad_record_is_not_stored_and_fails_the_job_but_the_others_are(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "bad\ngood\n", "in/b.csv": "good\n"})

    ended = world.transformed(ModelName=world.model(REFUSES_BAD), BatchStrategy="SingleRecord")

    assert ended["TransformJobStatus"] == "Failed"
    assert ended["FailureReason"].startswith("ClientError: See job logs for more information")
    assert "400, Message: bad row" in ended["FailureReason"]
    assert world.outputs() == {"b.csv.out": "good\n"}


def test_a_container_that_fails_is_asked_again(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "x"})
    twice = "seen = []\ndef invoke(request, body): seen.append(1); return (200 if len(seen) > 2 else 500), b'third'"
    model = world.model(twice)

    failed = world.transformed(ModelName=model, ModelClientConfig={"InvocationsMaxRetries": 1})
    ended = world.transformed(ModelName=model)

    assert failed["FailureReason"].startswith("AlgorithmError: See job logs")
    assert ended["TransformJobStatus"] == "Completed" and world.outputs() == {"a.csv.out": "third\n"}


def test_a_record_larger_than_a_payload_fails(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "x" * (1024 * 1024 + 1)})

    ended = world.transformed(ModelName=world.model(), MaxPayloadInMB=1)

    assert "Too much data for max payload size" in ended["FailureReason"]
    assert world.outputs() == {}


def test_a_job_without_objects_fails(world: HostingWorld) -> None:
    ended = world.transformed(ModelName=world.model())

    assert ended["FailureReason"].startswith("ClientError: No S3 objects found under S3 URL")


def test_a_container_that_does_not_start_fails_the_job(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "x"})

    ended = world.transformed(ModelName=world.model("sys.exit(1)"))

    assert ended["FailureReason"].startswith("AlgorithmError: Model container failed to respond to ping")


def test_a_stopped_job_stores_nothing(world: HostingWorld) -> None:
    world.put(**{"in/a.csv": "x", "in/b.csv": "y"})
    busy = world.path / "busy"
    waits = f"if body == b'y': open({str(busy)!r}, 'w'); time.sleep(60)"
    slow = f"def invoke(request, body):\n    {waits}\n    return 200, b'z'"
    name = world.transform(ModelName=world.model(slow))
    eventually(busy.exists)

    world.call("StopTransformJob", TransformJobName=name)

    assert world.transform_ended(name)["TransformJobStatus"] == "Stopped"
    assert world.outputs() == {}
    states = [detail["TransformJobStatus"] for detail in eventually(lambda: world.told(name)[2:] and world.told(name))]
    assert states == ["InProgress", "Stopping", "Stopped"]
    with pytest.raises(ServiceError, match="the transform job is in status Stopped"):
        world.call("StopTransformJob", TransformJobName=name)
