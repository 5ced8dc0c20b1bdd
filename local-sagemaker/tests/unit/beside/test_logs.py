"""Lines arrive in their streams, in requests that CloudWatch Logs accepts."""

from typing import Any

from botocore.exceptions import ClientError

from local_sagemaker.beside.logs import MOST_BYTES, MOST_EVENTS, OVERHEAD_BYTES, Logs, batches


class ResourceNotFoundException(ClientError):
    pass


class ResourceAlreadyExistsException(ClientError):
    pass


class FakeLogs:
    """CloudWatch Logs with a memory."""

    class exceptions:  # noqa: N801 - as botocore's clients name it
        ResourceNotFoundException = ResourceNotFoundException
        ResourceAlreadyExistsException = ResourceAlreadyExistsException

    def __init__(self) -> None:
        self.groups: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self.is_down = False
        self.creations = 0

    def create_log_group(self, logGroupName: str) -> None:  # noqa: N803
        if logGroupName in self.groups:
            raise ResourceAlreadyExistsException({}, "CreateLogGroup")
        self.groups[logGroupName] = {}

    def create_log_stream(self, logGroupName: str, logStreamName: str) -> None:  # noqa: N803
        self.creations += 1
        if logStreamName in self.groups[logGroupName]:
            raise ResourceAlreadyExistsException({}, "CreateLogStream")
        self.groups[logGroupName][logStreamName] = []

    def put_log_events(self, logGroupName: str, logStreamName: str, logEvents: Any) -> None:  # noqa: N803
        if self.is_down:
            raise ClientError({}, "PutLogEvents")
        if logStreamName not in self.groups.get(logGroupName, {}):
            raise ResourceNotFoundException({}, "PutLogEvents")
        self.groups[logGroupName][logStreamName] += logEvents


def test_group_and_stream_are_created_on_first_use() -> None:
    client = FakeLogs()
    logs = Logs(client)

    logs.put("group", "one", 1, "a", "b")
    logs.put("group", "two", 2, "c")

    assert client.groups == {
        "group": {
            "one": [{"timestamp": 1, "message": "a"}, {"timestamp": 1, "message": "b"}],
            "two": [{"timestamp": 2, "message": "c"}],
        }
    }


def test_a_stream_is_created_once() -> None:
    client = FakeLogs()
    logs = Logs(client)

    logs.put("group", "one", 1, "a")
    logs.put("group", "one", 2, "b")

    assert client.creations == 1


def test_a_group_that_was_deleted_is_created_again() -> None:
    client = FakeLogs()
    logs = Logs(client)
    logs.put("group", "one", 1, "a")
    client.groups.clear()

    logs.put("group", "one", 2, "b")

    assert client.groups == {"group": {"one": [{"timestamp": 2, "message": "b"}]}}


def test_an_emulator_that_fails_does_not_stop_the_writer() -> None:
    client = FakeLogs()
    logs = Logs(client)
    client.is_down = True

    logs.put("group", "one", 1, "a")

    assert client.groups == {"group": {"one": []}}


def test_a_request_has_at_most_so_many_events() -> None:
    assert [len(batch) for batch in batches(["x"] * (MOST_EVENTS + 1))] == [MOST_EVENTS, 1]


def test_a_request_has_at_most_so_many_bytes() -> None:
    half = "ü" * ((MOST_BYTES // 2 - OVERHEAD_BYTES) // 2)  # two bytes each

    assert [len(batch) for batch in batches([half, half, "", half])] == [2, 2]


def test_no_lines_need_no_request() -> None:
    assert list(batches([])) == []
