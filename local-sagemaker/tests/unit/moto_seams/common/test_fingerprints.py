"""A home of another moto opens if what it holds is the same in this one, and is refused by name otherwise."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import moto
import pytest

from local_sagemaker import LocalSageMaker, UnreadableHome
from local_sagemaker.clients import client
from local_sagemaker.moto_seams.common.fingerprints import fingerprint
from local_sagemaker.moto_seams.persistence import VERSIONS

Row = tuple[str, str]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a queue that has a message, which says that moto 5.0.0 wrote it. Lambda's backend, without functions,
    has local functions in it."""
    with LocalSageMaker(tmp_path) as aws:
        client("lambda", aws.endpoint_url, aws.region).list_functions()
        sqs = sqs_of(aws)
        sqs.send_message(QueueUrl=sqs.create_queue(QueueName="q")["QueueUrl"], MessageBody="kept")
    execute(tmp_path, "UPDATE versions SET version = '5.0.0' WHERE name = 'moto'")
    return tmp_path


def sqs_of(aws: LocalSageMaker) -> Any:
    return client("sqs", aws.endpoint_url, aws.region)


def execute(home: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with sqlite3.connect(home / "state.sqlite") as database:
        return database.execute(statement, values).fetchall()


def recorded(home: Path) -> dict[Row, bytes]:
    rows = execute(home, "SELECT place, name, value FROM rows WHERE kind = 'fingerprints'")
    return {(module, name): value for module, name, value in rows}


def change(home: Path, name: str) -> None:
    """Let the home say that the class was another one when it was written."""
    [(value,)] = execute(home, "SELECT value FROM rows WHERE kind = 'fingerprints' AND name = ?", name)
    other = value[:-1] + (b"0" if value.endswith(b"1") else b"1")
    execute(home, "UPDATE rows SET value = ? WHERE kind = 'fingerprints' AND name = ?", other, name)


def test_a_home_of_another_moto_opens_if_its_classes_are_the_same(home: Path) -> None:
    with LocalSageMaker(home) as aws:
        url = sqs_of(aws).get_queue_url(QueueName="q")["QueueUrl"]
        [message] = sqs_of(aws).receive_message(QueueUrl=url)["Messages"]

    assert message["Body"] == "kept"
    assert dict(execute(home, "SELECT name, version FROM versions")) == VERSIONS


@pytest.mark.parametrize("name", ["Queue", "SQSBackend"])
def test_a_home_with_a_class_that_has_changed_is_refused_with_its_name_and_the_ways_out(home: Path, name: str) -> None:
    change(home, name)

    ways = r"install moto==5\.0\.0, pass another --home, or delete this one"
    with pytest.raises(UnreadableHome, match=rf"holds moto\.sqs\.models\.{name} of moto 5\.0\.0, which .*: {ways}"):
        LocalSageMaker(home).start()

    assert ("moto", "5.0.0") in execute(home, "SELECT name, version FROM versions"), "it is left as it was"


def test_a_home_with_a_class_that_moto_has_no_more_is_refused_with_its_name(home: Path) -> None:
    execute(home, "UPDATE rows SET place = 'moto.sqs.older' WHERE kind = 'fingerprints' AND name = 'Message'")

    with pytest.raises(UnreadableHome, match=r"holds moto\.sqs\.older\.Message of moto 5\.0\.0"):
        LocalSageMaker(home).start()


def test_a_class_that_has_changed_does_not_matter_once_its_instances_are_deleted(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path) as aws:
        logs = client("logs", aws.endpoint_url, aws.region)
        logs.create_log_group(logGroupName="g")
        logs.delete_log_group(logGroupName="g")
        before = recorded(tmp_path)
    change(tmp_path, "LogGroup")
    execute(tmp_path, "UPDATE versions SET version = '5.0.0' WHERE name = 'moto'")

    with LocalSageMaker(tmp_path) as aws:
        client("logs", aws.endpoint_url, aws.region).create_log_group(logGroupName="again")

    assert recorded(tmp_path) == before


def test_a_home_that_recorded_nothing_is_refused_by_the_version_of_moto(home: Path) -> None:
    execute(home, "DELETE FROM rows WHERE kind = 'fingerprints'")

    with pytest.raises(UnreadableHome, match=r"was written by format 1, moto 5\.0\.0; .*: install moto==5\.0\.0, pass"):
        LocalSageMaker(home).start()


def test_a_home_that_recorded_nothing_records_what_it_holds_when_it_is_opened(home: Path) -> None:
    execute(home, "UPDATE versions SET version = ? WHERE name = 'moto'", VERSIONS["moto"])
    before = recorded(home)
    execute(home, "DELETE FROM rows WHERE kind = 'fingerprints'")

    LocalSageMaker(home).start().stop()

    assert recorded(home) == before
    assert before.keys() > {("moto.sqs.models", "Message"), ("moto.awslambda.models", "LambdaStorage.__init__")}


def test_an_empty_home_of_another_moto_opens(tmp_path: Path) -> None:
    LocalSageMaker(tmp_path).start().stop()
    execute(tmp_path, "UPDATE versions SET version = '5.0.0' WHERE name = 'moto'")

    LocalSageMaker(tmp_path).start().stop()


def test_a_home_of_another_format_is_refused_although_its_classes_are_the_same(home: Path) -> None:
    execute(home, "UPDATE versions SET version = '0' WHERE name = 'format'")

    with pytest.raises(UnreadableHome, match=r"was written by format 0, .*: pass another --home"):
        LocalSageMaker(home).start()


def test_a_home_with_a_row_that_cannot_be_loaded_is_refused(home: Path) -> None:
    execute(home, "UPDATE rows SET value = ? WHERE kind = 'messages'", b"\x80\x05no pickle")

    with pytest.raises(UnreadableHome, match="cannot be loaded"):
        LocalSageMaker(home).start()


BEFORE = """
from dataclasses import dataclass
from typing import NamedTuple
from moto.core.base_backend import BaseBackend

class Base:
    def __init__(self):
        self.inherited = 1

@dataclass(
    frozen=True,
)
class Queue(Base):
    name: str = "q"

    def send(self):
        return [self.name]

Made = type("Made", (), {"size": 1})

class Backend(BaseBackend):
    def __init__(self):
        self.queues = {}

    def list(self):
        return list(self.queues)

def outer():
    return lambda: 1
"""


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose modules are moto's."""
    monkeypatch.setattr(moto, "__path__", [*moto.__path__, str(tmp_path)])
    yield tmp_path


def fingerprint_of(modules: Path, source: str, name: str) -> str:
    module = f"version_{len(list(modules.iterdir()))}_{abs(hash(str(modules)))}"
    (modules / f"{module}.py").write_text(source)
    return fingerprint(f"moto.{module}", name)


@pytest.mark.parametrize(
    ("name", "was", "is_now"),
    [
        ("Queue", 'name: str = "q"', 'name: str = "q"\n    size: int = 0'),
        ("Queue", "return [self.name]", "return {self.name}"),
        ("Queue", "frozen=True", "slots=True"),
        ("Queue", "self.inherited = 1", "self.inherited = '1'"),
        ("Made", '"size": 1', '"size": 2'),
        ("Backend", "self.queues = {}", "self.queues = []"),
        ("outer", "lambda: 1", "lambda: 2"),
    ],
)
def test_what_makes_another_fingerprint(modules: Path, name: str, was: str, is_now: str) -> None:
    before = fingerprint_of(modules, BEFORE, name)

    assert fingerprint_of(modules, BEFORE.replace(was, is_now), name) != before


@pytest.mark.parametrize(
    ("name", "was", "is_now"),
    [
        ("Queue", "return list(self.queues)", "return [*self.queues]"),
        ("Queue", "\n\n    def send", "\n\n\n    def send"),
        ("Backend", "return list(self.queues)", "return [*self.queues]"),
        ("Backend", "return [self.name]", "return {self.name}"),
        ("outer", "return [self.name]", "return {self.name}"),
    ],
)
def test_what_leaves_the_fingerprint_as_it_was(modules: Path, name: str, was: str, is_now: str) -> None:
    before = fingerprint_of(modules, BEFORE, name)

    assert fingerprint_of(modules, BEFORE.replace(was, is_now), name) == before
