"""A local AWS that stays up: what a call costs, in memory and on disk, does not grow with the calls before it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models.dynamo_type import DynamoType

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from local_sagemaker.durability.database import Database
from local_sagemaker.moto_seams.common.patches import Patches

TABLE = {
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
OF_EACH_TYPE = {
    "S": {"S": "words"},
    "N": {"N": "1.50"},
    "B": {"B": b"\x00\xff"},
    "SS": {"SS": ["a", "b"]},
    "NS": {"NS": ["1", "2"]},
    "BS": {"BS": [b"\x00", b"\x01"]},
    "BOOL": {"BOOL": False},
    "NULL": {"NULL": True},
    "L": {"L": [{"S": ""}, {"M": {"in": {"B": b"\xfe"}}}, {"L": []}]},
    "M": {"M": {"deep": {"M": {"deeper": {"BS": [b"\x02"]}}}, "none": {"NULL": True}, "list": {"L": [{"N": "7"}]}}},
}
HEAPS = """
import ctypes, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client

with tempfile.TemporaryDirectory() as home, LocalSageMaker(Path(home)) as aws:
    s3 = client("s3", aws.endpoint_url, aws.region)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda number: s3.create_bucket(Bucket=f"bucket-{number}"), range(64)))
    libc = ctypes.CDLL(None)
    libc.fopen.restype = ctypes.c_void_p
    file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
    libc.malloc_info(0, file)
    libc.fclose(file)
"""


@contextmanager
def counting(owner: type, name: str, note: Callable[..., None]) -> Iterator[None]:
    """Call `note` with the arguments of each call of this method."""

    def noting(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            note(*args)
            return original(*args)

        return call

    patches = Patches()
    patches.replace(owner, name, noting)
    try:
        yield
    finally:
        patches.undo()


@pytest.fixture(scope="module")
def of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """Clients by their service's name."""
    with LocalSageMaker(tmp_path_factory.mktemp("home")) as aws:
        yield lambda service: client(service, aws.endpoint_url, aws.region)


def bytes_written(call: Callable[[], Any]) -> int:
    """The size of all rows that a call saves."""
    sizes: list[int] = []
    with counting(Database, "save", lambda _database, _kind, _place, _name, value: sizes.append(len(value))):
        call()
    return sum(sizes)


def lookups(call: Callable[[], Any]) -> int:
    """How many names moto looks up to write the response to a call."""
    found: list[str] = []
    with counting(ResponseSerializer, "get_value", lambda _serializer, _value, key, _shape: found.append(key)):
        call()
    return len(found)


def test_items_are_read_without_a_lookup_for_each_of_them(of: Callable[[str], Any]) -> None:
    dynamodb = of("dynamodb")
    dynamodb.create_table(TableName="many", **TABLE)
    dynamodb.put_item(TableName="many", Item={"pk": {"S": "first"}, "a": {"N": "1"}})
    one = lookups(lambda: dynamodb.scan(TableName="many"))

    for number in range(20):
        dynamodb.put_item(TableName="many", Item={"pk": {"S": f"{number}"}, "a": {"N": "1"}})

    assert lookups(lambda: dynamodb.scan(TableName="many")) == one


def test_keys_are_converted_once_for_each_item_to_sort_a_table(of: Callable[[str], Any]) -> None:
    dynamodb = of("dynamodb")
    dynamodb.create_table(TableName="sorted", **TABLE)
    for number in range(50):
        dynamodb.put_item(TableName="sorted", Item={"pk": {"S": f"{number}"}})
    compared: list[Any] = []

    with counting(DynamoType, "__lt__", lambda key, other: compared.append((key, other))):
        found = dynamodb.scan(TableName="sorted")["Items"]

    assert [item["pk"]["S"] for item in found] == sorted(str(number) for number in range(50))
    assert compared == []


def test_an_item_is_read_as_it_was_written(of: Callable[[str], Any]) -> None:
    dynamodb = of("dynamodb")
    dynamodb.create_table(TableName="types", **TABLE)
    dynamodb.put_item(TableName="types", Item={"pk": {"S": "item"}, **OF_EACH_TYPE})

    read = dynamodb.get_item(TableName="types", Key={"pk": {"S": "item"}})["Item"]

    assert read == {"pk": {"S": "item"}, **OF_EACH_TYPE}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's own report")
def test_threads_share_the_memory_that_others_have_freed(tmp_path: Path) -> None:
    report = tmp_path / "heaps.xml"

    subprocess.run([sys.executable, "-c", HEAPS, report], check=True)

    assert report.read_text().count("<heap nr=") <= 2


def test_a_new_version_of_an_object_is_written_without_the_earlier_ones(of: Callable[[str], Any]) -> None:
    s3 = of("s3")
    s3.create_bucket(Bucket="versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    few = bytes_written(lambda: s3.put_object(Bucket="versions", Key="page", Body=b"0"))

    for number in range(20):
        s3.put_object(Bucket="versions", Key="page", Body=f"{number}".encode())

    assert bytes_written(lambda: s3.put_object(Bucket="versions", Key="page", Body=b"1")) < 1.5 * few


def test_published_messages_are_not_written_with_later_changes(of: Callable[[str], Any]) -> None:
    sns = of("sns")
    topic = sns.create_topic(Name="topic")["TopicArn"]
    before = bytes_written(lambda: sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "k", "Value": "v"}]))

    for _ in range(20):
        sns.publish(TopicArn=topic, Message="x" * 1000)

    after = bytes_written(lambda: sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "k", "Value": "v"}]))
    assert after < before + 1000
