"""Training jobs' logs in CloudWatch Logs, under SageMaker's names, as clients read and follow them.

docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

import re
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.clients import client
from local_sagemaker.moto_seams import logs as seam
from support.account import Account, eventually
from support.sagemaker_world import World, a_world

GROUP = "/aws/sagemaker/TrainingJobs"


@pytest.fixture
def world(account: Account, tmp_path: Path) -> Iterator[World]:
    put = partial(seam.put, account.aws.account, account.aws.region)
    with a_world(account.s3, tmp_path, put_log=put) as world:
        yield world


@pytest.fixture
def logs(account: Account) -> Any:
    return client("logs", account.aws.endpoint_url, account.aws.region)


def stream_of(logs: Any, job: str) -> str:
    """The only stream of the job."""
    found = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{job}/")["logStreams"]
    (name,) = [stream["logStreamName"] for stream in found]
    return str(name)


def test_a_jobs_log_is_in_one_stream_named_after_its_host_and_its_start(world: World, logs: Any) -> None:
    before = int(time.time())
    name = world.train("say('one'); say(''); say('two 2 é'); sys.stderr.write('three')")
    world.trained(name)

    stream = stream_of(logs, name)

    named = re.fullmatch(rf"{name}/algo-1-(\d+)", stream)
    assert named and before <= int(named[1]) <= time.time()
    events = logs.get_log_events(logGroupName=GROUP, logStreamName=stream, startFromHead=True)["events"]
    assert [event["message"] for event in events] == ["one", "two 2 é", "three"]
    times = [event["timestamp"] / 1000 for event in events]
    assert times == sorted(times) and before <= times[0] and times[-1] <= time.time()


def test_a_reader_who_goes_on_from_its_token_gets_what_is_new_and_nothing_twice(world: World, logs: Any) -> None:
    name = world.train(f"say('one')\nwhile not os.path.exists('{world.home}/go'): time.sleep(0.02)\nsay('two')")
    world.awake(1)
    at = {"logGroupName": GROUP, "logStreamName": eventually(lambda: stream_of(logs, name)), "startFromHead": True}
    first = logs.get_log_events(**at)

    (world.home / "go").touch()
    world.trained(name)
    second = logs.get_log_events(**at, nextToken=first["nextForwardToken"])
    third = logs.get_log_events(**at, nextToken=second["nextForwardToken"])

    said = [[event["message"] for event in page["events"]] for page in (first, second, third)]
    assert said == [["one"], ["two"], []]


def test_all_jobs_of_a_prefix_are_searched_at_once(world: World, logs: Any) -> None:
    name = world.tune("say('mse=1'); say('done with ' + given['x'])", jobs=3, parallel=3)
    world.tuned(name)

    found = logs.filter_log_events(logGroupName=GROUP, logStreamNamePrefix=f"{name}-", filterPattern="mse")["events"]

    assert [event["message"] for event in found] == ["mse=1"] * 3
    assert len({event["logStreamName"] for event in found}) == 3


def test_a_line_without_end_is_cut_into_events_that_cloudwatch_takes(world: World, logs: Any) -> None:
    name = world.train("sys.stdout.write('é' * 100_000)")
    world.trained(name)

    events = logs.get_log_events(logGroupName=GROUP, logStreamName=stream_of(logs, name), startFromHead=True)["events"]

    assert "".join(event["message"] for event in events) == "é" * 100_000
    assert all(len(event["message"].encode()) <= 256 * 1024 for event in events)
