"""`./retune destroy` in a local AWS: what goes, what stays, and what comes back."""

import json
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.local.stacks import EmptyAccount, empty_account


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmptyAccount]:
    with empty_account(tmp_path_factory.mktemp("destroy")) as there:
        yield there


def test_a_stack_that_never_was_is_gone_already(account: EmptyAccount) -> None:
    done = account.cli("destroy", "--name", "never", "--yes")

    assert done.returncode == 0
    assert "Nothing is left of the stack never." in done.stderr


def test_what_stays_is_found_again_with_its_data_and_what_is_deleted_leaves_nothing(account: EmptyAccount) -> None:
    before = account.outputs("kept", "--set", "Prefix=kept")
    s3, dynamodb = account.client("s3"), account.client("dynamodb")
    for body in (b"1", b"2"):
        s3.put_object(Bucket=before["Bucket"], Key="tuning/iris/record.json", Body=body)
    s3.create_multipart_upload(Bucket=before["Bucket"], Key="half")
    dynamodb.put_item(TableName=before["Table"], Item={"pk": {"S": "dataset#iris"}, "sk": {"S": "x"}})

    for _ in range(2):
        done = account.cli("destroy", "--name", "kept", "--yes")
        assert done.returncode == 0, done.stderr
        assert "The stack kept is gone." in done.stderr
        assert account.status("kept") is None

    again = account.outputs("kept")
    assert {name: again[name] for name in ("Bucket", "Table", "ImageRepository", "Prefix")} == {
        name: before[name] for name in ("Bucket", "Table", "ImageRepository", "Prefix")
    }
    assert s3.get_object(Bucket=again["Bucket"], Key="tuning/iris/record.json")["Body"].read() == b"2"
    assert dynamodb.scan(TableName=again["Table"])["Count"] == 1
    assert "there is nothing to do" in account.deploy("kept").stderr

    for _ in range(2):
        done = account.cli("destroy", "--name", "kept", "--delete-data", "--confirm", "kept")
        assert done.returncode == 0, done.stderr
        assert "Nothing is left of the stack kept." in done.stderr
    assert account.tagged("kept") == []
    assert account.client("s3").list_buckets()["Buckets"] == []
    assert before["ImageRepository"] not in str(account.client("ecr").describe_repositories())


def test_data_go_only_if_the_stacks_name_is_said(account: EmptyAccount) -> None:
    account.deploy("named", "--set", "Prefix=named")

    unsaid = account.cli("destroy", "--name", "named", "--delete-data", "--yes")
    wrong = account.cli("destroy", "--name", "named", "--delete-data", "--confirm", "nmaed")

    assert (unsaid.returncode, wrong.returncode) == (2, 2)
    assert "nmaed is not the stack's name, named" in wrong.stderr
    assert account.status("named") == "CREATE_COMPLETE"
    shown = account.cli("destroy", "--name", "named", "--delete-data", "--plan", "--json")
    assert {one["kind"] for one in json.loads(shown.stdout)["data"]} == {"bucket", "ledger", "images"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_destruction_that_is_broken_off_is_finished_by_the_next(
    account: EmptyAccount, number: signal.Signals
) -> None:
    outputs = account.outputs("half", "--set", "Prefix=half")
    for key in range(30):
        account.client("s3").put_object(Bucket=outputs["Bucket"], Key=f"datasets/{key}", Body=b"1")
    words = ("destroy", "--name", "half", "--delete-data", "--confirm", "half")

    code = account.interrupted(number, lambda: account.status("half") is None, *words)
    assert code in ((0, 3) if number == signal.SIGINT else (0, -signal.SIGKILL))

    done = account.cli(*words)
    assert done.returncode == 0, done.stderr
    assert account.tagged("half") == []


def test_what_a_function_logs_after_its_stack_is_deleted_does_not_stop_the_next_stack(account: EmptyAccount) -> None:
    logs = account.client("logs")
    account.deploy("late", "--set", "Prefix=late")
    account.cli("destroy", "--name", "late", "--yes")
    log_late(logs, "/retune/late")

    planned = account.cli("deploy", "--name", "late", "--plan")
    account.deploy("late")

    assert "/retune/late" in planned.stdout
    [group] = logs.describe_log_groups(logGroupNamePrefix="/retune/late")["logGroups"]
    assert group["retentionInDays"] == 90
    assert logs.describe_log_streams(logGroupName="/retune/late")["logStreams"] == []


def test_what_a_function_logs_after_its_stack_is_deleted_is_removed_by_another_destroy(account: EmptyAccount) -> None:
    log_late(account.client("logs"), "/retune/gone")

    done = account.cli("destroy", "--name", "gone", "--yes")

    assert done.returncode == 0, done.stderr
    assert account.client("logs").describe_log_groups(logGroupNamePrefix="/retune/gone")["logGroups"] == []


def log_late(logs: Any, group: str) -> None:
    """As Lambda does for a function whose log group is gone."""
    stream = "2026/01/01/late-OnUpload-1[$LATEST]1"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    now_ms = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName=group, logStreamName=stream, logEvents=[{"timestamp": now_ms, "message": "REPORT"}]
    )


def test_a_bucket_that_was_there_before_stays_even_when_data_are_deleted(account: EmptyAccount) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="theirs")
    s3.put_object(Bucket="theirs", Key="mine.txt", Body=b"1")
    account.deploy("guest", "--set", "Prefix=guest", "--set", "ExistingBucket=theirs")

    done = account.cli("destroy", "--name", "guest", "--delete-data", "--confirm", "guest")

    assert done.returncode == 0, done.stderr
    assert "theirs was there before the stack: it stays" in " ".join(done.stderr.split())
    assert account.objects("theirs") == ["mine.txt"]
