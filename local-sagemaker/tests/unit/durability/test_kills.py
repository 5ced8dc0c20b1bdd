"""`kill -9` at any instant: every change that was acknowledged is there, and each is whole."""

import fcntl
import random
import re
import subprocess
from pathlib import Path
from threading import Timer

import pytest

from local_sagemaker import HomeInUse, LocalSageMaker, UnreadableHome
from local_sagemaker.clients import client
from local_sagemaker.durability.database import Database
from local_sagemaker.durability.home import locked
from support.account import Account, eventually
from support.programs.program import ENVIRONMENT, program


@pytest.mark.parametrize("seed", range(3))
def test_everything_acknowledged_is_there_after_a_kill(tmp_path: Path, seed: int) -> None:
    command = program("write_until_killed.py", tmp_path)
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(random.Random(seed).randrange(30, 120))]
    process.kill()
    said += process.stdout.readlines()
    process.wait()

    with LocalSageMaker(tmp_path) as aws:
        kept = {"s3": objects(aws), "dynamodb": items(aws), "sqs": messages(aws)}

    acknowledged = re.findall(r"^(\w+) (\d+)$", "".join(said), re.MULTILINE)
    assert len(acknowledged) > 30
    for kind, number in acknowledged:
        assert f"{int(number):05d}" in kept[kind]
    for kind, found in kept.items():  # what was under way when the process died may be there too: one of each kind
        assert len(found) <= sum(kind == one for one, _ in acknowledged) + 1


def objects(aws: LocalSageMaker) -> set[str]:
    s3 = client("s3", aws.endpoint_url, aws.region)
    found = s3.list_objects_v2(Bucket="data").get("Contents", [])
    for one in found:
        body = s3.get_object(Bucket="data", Key=one["Key"])["Body"].read()
        assert body == one["Key"].encode() * 1000
    return {one["Key"] for one in found}


def items(aws: LocalSageMaker) -> set[str]:
    scanned = client("dynamodb", aws.endpoint_url, aws.region).scan(TableName="ledger")["Items"]
    return {item["pk"]["S"] for item in scanned}


def messages(aws: LocalSageMaker) -> set[str]:
    sqs, found = client("sqs", aws.endpoint_url, aws.region), list[str]()
    url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
    while taken := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        found += [message["Body"] for message in taken]
    assert found == sorted(found), "in the order in which they were sent"
    return set(found)


def test_a_second_one_in_the_same_home_is_refused_with_the_first_ones_pid(tmp_path: Path) -> None:
    process = subprocess.Popen(program("run_and_wait.py", tmp_path), env=ENVIRONMENT)
    eventually(lambda: (tmp_path / "logs" / "sleeper.log").exists(), timeout_s=60)

    with pytest.raises(HomeInUse, match=rf"{tmp_path} is in use by another local AWS \(process {process.pid}\): "):
        LocalSageMaker(tmp_path).start()

    process.kill()
    process.wait()
    with LocalSageMaker(tmp_path) as aws:  # the kernel has dropped the lock
        assert aws.endpoint_url


def test_a_lock_that_a_dead_ones_program_still_shares_for_an_instant_is_waited_for(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    lock = (tmp_path / "lock").open("w")
    lock.write(str(dead.pid))
    lock.flush()
    fcntl.flock(lock, fcntl.LOCK_EX)
    Timer(0.5, lock.close).start()

    with locked(tmp_path):
        assert lock.closed


def test_what_a_killed_one_left_running_is_ended(tmp_path: Path) -> None:
    ours = {"ML_ROOT": f"{tmp_path}/sagemaker/job/opt/ml"}
    others = {"ML_ROOT": f"{tmp_path}-2/sagemaker/job/opt/ml"}
    orphan, stranger = (subprocess.Popen(["sleep", "600"], env=env, start_new_session=True) for env in (ours, others))

    with LocalSageMaker(tmp_path):
        assert orphan.wait(120) == -9

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize(
    ("versions", "way"),
    [({"format": "0", "moto": "5.2.5"}, ""), ({"format": "1", "moto": "4.0.0"}, "install moto==4.0.0, ")],
)
def test_a_home_of_another_version_is_refused_and_left_as_it_is(
    tmp_path: Path, versions: dict[str, str], way: str
) -> None:
    Database(tmp_path / "state.sqlite", versions).close()
    was = f"was written by format {versions['format']}, moto {versions['moto']}"

    with pytest.raises(UnreadableHome, match=rf"{tmp_path} {was}; this is .*: {way}pass another --home, or delete"):
        LocalSageMaker(tmp_path).start()

    Database(tmp_path / "state.sqlite", versions).close()


def test_a_home_that_is_damaged_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"not a database" * 1000)

    with pytest.raises(UnreadableHome, match="is damaged"):
        LocalSageMaker(tmp_path).start()


def test_a_home_that_cannot_be_written_answers_no_more_and_has_what_it_had(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path) as aws:
        s3 = Account(aws, []).s3
        s3.create_bucket(Bucket="before")
        aws._keeper.database.close()  # as a full disk would: every write fails from now on
        with pytest.raises(Exception, match=r"500|Internal"):
            s3.create_bucket(Bucket="after")

    with LocalSageMaker(tmp_path) as again:
        found = client("s3", again.endpoint_url, again.region).list_buckets()["Buckets"]
        assert [bucket["Name"] for bucket in found] == ["before"]
