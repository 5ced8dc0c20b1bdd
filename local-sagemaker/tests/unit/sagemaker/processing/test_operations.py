"""The calls on processing jobs: states and events, lists, tags, quotas, logs, and jobs that outlive a local AWS."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from local_sagemaker.clients import client
from local_sagemaker.moto_seams import logs as seam
from local_sagemaker.sagemaker.jobs.store import Memory, Store
from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.account import Account, eventually, unique
from support.processing_world import (
    SLEEPS,
    STUBBORN,
    ProcessingWorld,
    a_processing_world,
    cluster,
    input_,
    output,
    outputs,
)
from support.sagemaker_world import ARN, ROLE

Again = Callable[[], AbstractContextManager[ProcessingWorld]]
SAMPLE = {
    "ProcessingInputs", "ProcessingOutputConfig", "ProcessingJobName", "ProcessingResources", "StoppingCondition",
    "AppSpecification", "NetworkConfig", "RoleArn", "ExperimentConfig", "ProcessingJobArn", "ProcessingJobStatus",
    "FailureReason", "ProcessingEndTime", "ProcessingStartTime", "LastModifiedTime", "CreationTime",
}  # fmt: skip
"""The members of the documented event of a failed job."""


@pytest.fixture
def world(account: Account, tmp_path: Path) -> Iterator[ProcessingWorld]:
    put = partial(seam.put, account.aws.account, account.aws.region)
    with a_processing_world(account.s3, tmp_path, put_log=put) as world:
        yield world


@pytest.fixture
def again(account: Account, tmp_path: Path) -> Again:
    """A world with the same rows and the same images as the one before."""
    programs: dict[str, Path] = {}
    rows = Memory()
    return lambda: a_processing_world(account.s3, tmp_path, programs=programs, store=Store(rows), grace_s=60.0)


def refused(world: ProcessingWorld, operation: str, code: str = "ValidationException", **request: Any) -> str:
    with pytest.raises(ServiceError) as error:
        world.call(operation, **request)
    assert error.value.code == code
    return error.value.message


def test_a_job_tells_of_its_states(world: ProcessingWorld) -> None:
    completed, stopped = world.process(), world.process(SLEEPS)
    world.is_awake(stopped)

    world.call("StopProcessingJob", ProcessingJobName=stopped)

    assert world.statuses("ProcessingJobStatus", completed) == ["InProgress", "Completed"]
    assert world.statuses("ProcessingJobStatus", stopped) == ["InProgress", "Stopping", "Stopped"]


def test_an_event_has_the_documented_members(world: ProcessingWorld) -> None:
    world.put(a="1")
    name = world.process(
        "sys.exit(1)",
        ProcessingInputs=[input_(world.uri("a"))],
        ProcessingOutputConfig=outputs(output(world.uri("out"))),
        NetworkConfig={"EnableNetworkIsolation": False},
        Tags=[{"Key": "team", "Value": "a"}],
    )

    job = world.process_ended(name)

    event = next(found for found in reversed(world.events) if found["resources"] == [f"{ARN}:processing-job/{name}"])
    assert (event["source"], event["detail-type"]) == ("aws.sagemaker", "SageMaker Processing Job State Change")
    detail = event["detail"]
    assert detail.keys() == SAMPLE | {"Tags"}
    assert (detail["ProcessingJobStatus"], detail["Tags"]) == ("Failed", {"team": "a"})
    assert detail["ProcessingEndTime"] == round(job["ProcessingEndTime"] * 1000)


def test_a_description_has_what_was_asked_for_with_awss_defaults(world: ProcessingWorld) -> None:
    request = world.request(
        ProcessingResources=cluster(InstanceCount=None),
        ExperimentConfig={"ExperimentName": "e"},
        Tags=[{"Key": "team", "Value": "a"}],
    )
    arn = world.call("CreateProcessingJob", **request)["ProcessingJobArn"]

    job = world.process_ended(request["ProcessingJobName"])

    assert job["ProcessingJobArn"] == arn == f"{ARN}:processing-job/{request['ProcessingJobName']}"
    assert job["ProcessingResources"] == cluster()
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 86400}
    assert job["ExperimentConfig"] == {"ExperimentName": "e"}
    assert job["CreationTime"] <= job["ProcessingStartTime"] <= job["ProcessingEndTime"] == job["LastModifiedTime"]
    assert "Tags" not in job


def test_rows_can_be_asked_for_by_status_and_by_a_part_of_their_name(world: ProcessingWorld) -> None:
    fails, completes, other = (unique(f"batch-{kind}") for kind in ("fails", "completes", "fails-too"))
    for name, body in ((fails, "sys.exit(1)"), (completes, ""), (other, "sys.exit(1)")):
        world.process(body, ProcessingJobName=name)
        world.process_ended(name)

    found = world.call("ListProcessingJobs", NameContains="FAILS", StatusEquals="Failed", MaxResults=1)
    rest = world.call("ListProcessingJobs", NameContains="FAILS", StatusEquals="Failed", NextToken=found["NextToken"])

    rows = [*found["ProcessingJobSummaries"], *rest["ProcessingJobSummaries"]]
    assert [row["ProcessingJobName"] for row in rows] == [fails, other]
    assert rows[0]["FailureReason"] == "AlgorithmError: , exit code: 1"


def test_a_name_is_used_once_regardless_of_case(world: ProcessingWorld) -> None:
    world.process(ProcessingJobName="Nightly")

    text = refused(world, "CreateProcessingJob", "ResourceInUse", **world.request(ProcessingJobName="nightly"))

    assert text.startswith("Job name must be unique within an AWS account and region")


@pytest.mark.parametrize("operation", ["DescribeProcessingJob", "StopProcessingJob", "DeleteProcessingJob"])
def test_a_job_that_does_not_exist_is_named(world: ProcessingWorld, operation: str) -> None:
    text = refused(world, operation, ProcessingJobName="none")

    assert text == "Could not find requested job with name: none"


def test_a_job_that_has_ended_cannot_be_stopped(world: ProcessingWorld) -> None:
    name = world.process()
    world.process_ended(name)

    text = refused(world, "StopProcessingJob", ProcessingJobName=name)

    assert text == "The request was rejected because the processing job is in status Completed."


def test_a_job_that_runs_cannot_be_deleted(world: ProcessingWorld) -> None:
    name = world.process(SLEEPS)

    refused(world, "DeleteProcessingJob", "ResourceInUse", ProcessingJobName=name)


def test_a_deleted_jobs_name_can_be_used_again(world: ProcessingWorld) -> None:
    request = world.request()
    for _ in range(2):
        world.call("CreateProcessingJob", **request)
        world.process_ended(request["ProcessingJobName"])
        world.call("DeleteProcessingJob", ProcessingJobName=request["ProcessingJobName"])

    refused(world, "DescribeProcessingJob", ProcessingJobName=request["ProcessingJobName"])


def test_tags_are_set_added_and_deleted(world: ProcessingWorld) -> None:
    name = world.process(Tags=[{"Key": "a", "Value": "1"}])
    arn = world.process_ended(name)["ProcessingJobArn"]

    world.call("AddTags", ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
    world.call("DeleteTags", ResourceArn=arn, TagKeys=["a"])

    assert world.call("ListTags", ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_jobs_beyond_the_quota_are_refused_until_one_has_ended(account: Account, tmp_path: Path) -> None:
    with a_processing_world(account.s3, tmp_path, quotas={"processing_jobs": 1}) as world:
        first = world.process(SLEEPS)

        text = refused(world, "CreateProcessingJob", "ResourceLimitExceeded", **world.request())
        world.call("StopProcessingJob", ProcessingJobName=first)
        world.process_ended(first)

        assert "'Number of instances across all processing jobs' is 1 Instances" in text
        assert world.processed()["ProcessingJobStatus"] == "Completed"


def test_a_jobs_log_is_in_one_stream_named_after_its_host_and_its_start(
    world: ProcessingWorld, account: Account
) -> None:
    name = world.process("say('one'); say('two')")
    world.process_ended(name)

    logs, group = client("logs", account.aws.endpoint_url, account.aws.region), "/aws/sagemaker/ProcessingJobs"
    (stream,) = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{name}/")["logStreams"]
    found = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True)

    assert re.fullmatch(rf"{name}/algo-1-\d+", stream["logStreamName"])
    assert [event["message"] for event in found["events"]] == ["one", "two"]


def test_a_job_that_had_not_ended_runs_again_in_the_next_local_aws(again: Again) -> None:
    with again() as world:
        runs = world.home / "processing-jobs" / "runs"
        name = world.process(f"write('../../../runs', 'x', 'a'); {SLEEPS}")
        world.is_awake(name)

    with again() as world:
        world.sagemaker.resume()

        assert eventually(lambda: runs.read_text() == "xx")
        assert world.processing(name)["ProcessingJobStatus"] == "InProgress"


def test_a_job_that_was_stopping_has_stopped_in_the_next_local_aws(again: Again) -> None:
    with again() as world:
        name = world.process(STUBBORN)
        world.is_awake(name)
        world.call("StopProcessingJob", ProcessingJobName=name)

    with again() as world:
        before = world.processing(name)["ProcessingJobStatus"]
        world.sagemaker.resume()

        assert (before, world.process_ended(name)["ProcessingJobStatus"]) == ("Stopping", "Stopped")


def test_botos_waiter_waits_for_a_job_over_http(account: Account) -> None:
    image = {"ImageUri": "none:1"}
    account.sagemaker.create_processing_job(
        ProcessingJobName="waited-for", AppSpecification=image, ProcessingResources=cluster(), RoleArn=ROLE
    )

    waiter = account.sagemaker.get_waiter("processing_job_completed_or_stopped")

    with pytest.raises(WaiterError, match="terminal failure state"):
        waiter.wait(ProcessingJobName="waited-for", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    assert eventually(lambda: account.sagemaker.list_processing_jobs(StatusEquals="Failed")["ProcessingJobSummaries"])
