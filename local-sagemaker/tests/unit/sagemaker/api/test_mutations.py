"""Good requests changed at random: answered or refused, but never a 5xx, and what is refused starts nothing."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from local_sagemaker.gateway import Gateway
from local_sagemaker.json_protocol import JSON
from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.accepted import PROCESSING_JOB, TRAINING_JOB, TUNING_JOBS
from support.account import eventually
from support.sagemaker_world import World, a_world

CREATE_TUNING, CREATE_TRAINING = "CreateHyperParameterTuningJob", "CreateTrainingJob"
CREATE_PROCESSING = "CreateProcessingJob"
ARN = "arn:aws:sagemaker:us-east-1:123456789012:training-job/a"
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    *((CREATE_TUNING, request) for request in TUNING_JOBS.values()),
    (CREATE_TRAINING, TRAINING_JOB),
    (CREATE_PROCESSING, PROCESSING_JOB),
    ("DescribeProcessingJob", {"ProcessingJobName": "a"}),
    ("StopProcessingJob", {"ProcessingJobName": "a"}),
    ("DeleteProcessingJob", {"ProcessingJobName": "a"}),
    ("ListProcessingJobs", {"SortBy": "Status", "NextToken": "bm9uZQ==", "CreationTimeAfter": 1.5}),
    ("DescribeTrainingJob", {"TrainingJobName": "a"}),
    ("StopTrainingJob", {"TrainingJobName": "a"}),
    ("DeleteTrainingJob", {"TrainingJobName": "a"}),
    ("DescribeHyperParameterTuningJob", {"HyperParameterTuningJobName": "a"}),
    ("StopHyperParameterTuningJob", {"HyperParameterTuningJobName": "a"}),
    ("DeleteHyperParameterTuningJob", {"HyperParameterTuningJobName": "a"}),
    ("ListTrainingJobsForHyperParameterTuningJob", {"HyperParameterTuningJobName": "a", "SortBy": "Name"}),
    ("ListTrainingJobs", {"SortBy": "Name", "NextToken": "bm9uZQ==", "CreationTimeAfter": 1.5, "NameContains": "a"}),
    ("ListHyperParameterTuningJobs", {"SortBy": "Status", "MaxResults": 7, "LastModifiedTimeBefore": "2026-01-01"}),
    ("AddTags", {"ResourceArn": ARN, "Tags": [{"Key": "a", "Value": "b"}]}),
    ("ListTags", {"ResourceArn": ARN, "NextToken": "a"}),
    ("DeleteTags", {"ResourceArn": ARN, "TagKeys": ["a"]}),
]
ODD = st.sampled_from(
    [None, True, 0, -1, 1 << 31, 1 << 63, 10**400, 0.5, 1e39, "", "\0", "a\nb", "\ud800", "nan", "1e999", "9" * 5000,
     "aws:a", "é" * 300, "(" * 400, "s3://", "https://b/k", [], {}, [[]], [None], {"": None}, [{}], {"a": {"a": []}}]
)  # fmt: skip
ANY = ODD | st.integers() | st.floats() | st.text(max_size=40)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(None, tmp_path_factory.mktemp("world")) as world:
        yield world


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything inside."""
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, step)
        if isinstance(item, dict | list):
            yield from places(item, (*path, step))


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """An operation, and its request with one to three members replaced, removed, or added beside them."""
    operation, request = draw(st.sampled_from(REQUESTS))
    request = json.loads(json.dumps(request))
    for _ in range(draw(st.integers(1, 3))):
        found = list(places(request))
        *steps, last = draw(st.sampled_from(found)) if found else ["a"]
        inner = request
        for step in steps:
            inner = inner[step]
        how = draw(st.sampled_from(["replace", "replace", "remove", "add"]))
        if how == "remove" and found:
            del inner[last]
        elif how == "add" and isinstance(inner, dict):
            inner[draw(st.text(max_size=10))] = copy.deepcopy(draw(ANY))
        else:
            inner[last] = copy.deepcopy(draw(ANY))
    return operation, request


@given(mutated())
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_a_request_changed_at_random_is_answered_or_refused_and_starts_nothing_when_refused(
    world: World, call: tuple[str, Any]
) -> None:
    operation, request = call
    before = len(world.events), world.sagemaker.handle("ListTrainingJobs", {"MaxResults": 100})
    door = Client(Gateway(nowhere, world.sagemaker, ServiceError))

    answer = door.post(
        "/",
        data=json.dumps(request).encode("utf-8", "surrogatepass"),
        headers={"X-Amz-Target": f"SageMaker.{operation}"},
        content_type=JSON,
    )

    assert answer.status_code in (200, 400), answer.data
    if answer.status_code == 400:
        assert set(json.loads(answer.data)) == {"__type", "message"}
        assert "Create" not in operation or before[0] <= len(world.events)
    forget(world, operation, request, answer.status_code)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_any_bytes_are_answered_or_refused(world: World, body: bytes) -> None:
    door = Client(Gateway(nowhere, world.sagemaker, ServiceError))

    for operation in ("ListTrainingJobs", CREATE_TRAINING, "AddTags"):
        answer = door.post("/", data=body, headers={"X-Amz-Target": f"SageMaker.{operation}"}, content_type=JSON)
        assert answer.status_code in (200, 400)


def nowhere(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """What would go to moto."""
    start_response("200 OK", [])
    return [b"{}"]


def forget(world: World, operation: str, request: Any, status: int) -> None:
    """Stop what was started; what was refused has left no job of its name."""
    kinds = {
        CREATE_TUNING: "HyperParameterTuningJob",
        CREATE_TRAINING: "TrainingJob",
        CREATE_PROCESSING: "ProcessingJob",
    }
    if operation not in kinds:
        return
    member = f"{kinds[operation]}Name"
    name = request.get(member) if isinstance(request, dict) else None
    listed = world.sagemaker.handle(f"List{kinds[operation]}s", {"MaxResults": 100})[f"{kinds[operation]}Summaries"]
    there = [row[member] for row in listed]
    if status == 400:
        assert there == []
        return
    assert there == [name]
    if operation == CREATE_TUNING:
        world.tuned(name)
        for row in world.training_jobs(name):
            world.call("DeleteTrainingJob", TrainingJobName=row["TrainingJobName"])
    elif operation == CREATE_TRAINING:
        world.trained(name)
    else:
        eventually(lambda: processing_has_ended(world, name))
    world.call(f"Delete{kinds[operation]}", **{member: name})


def processing_has_ended(world: World, name: str) -> bool:
    return "ProcessingEndTime" in world.call("DescribeProcessingJob", ProcessingJobName=name)
