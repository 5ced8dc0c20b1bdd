"""What is found out about the other emulator, and what is said about it."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from local_sagemaker.beside.other import OtherEmulator, notices
from local_sagemaker.beside.probe import Findings
from local_sagemaker.beside.url import UnusableEmulator
from local_sagemaker.http_server import listen
from support.account import eventually
from support.beside.events import Pending, event
from support.beside.server import Handler, OtherServer, other_server

BUCKETS = b'<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets/></ListAllMyBucketsResult>'
IDENTITY = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:root</Arn><UserId>u</UserId><Account>111122223333</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""

ACCEPTED = b'{"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}'
REFUSED = b'{"FailedEntryCount": 1, "Entries": [{"ErrorCode": "NotAuthorizedForSource", "ErrorMessage": "no"}]}'


class Emulator:
    """An emulator that has these services alone, by their signing names; its bus answers PutEvents with `entries`."""

    def __init__(self, *services: str, entries: bytes = ACCEPTED):
        self.services = services
        self.entries = entries
        self.called: list[str] = []

    def __call__(self, request: Handler) -> None:
        service = request.headers["Authorization"].split("/")[3]
        operation = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
        body = request.whole_body()
        self.called.append(operation)
        if service not in self.services:
            return request.say(b'{"__type": "NotImplemented", "message": "not here"}', 501)
        if operation == "PutEvents":
            self.called.append(body.decode())
            return request.say(self.entries)
        return request.say({"s3": BUCKETS, "sts": IDENTITY}.get(service, b"{}"))


@pytest.fixture
def server() -> Iterator[OtherServer]:
    with other_server() as server:
        yield server


def examined(server: OtherServer, emulator: Emulator) -> tuple[OtherEmulator, str, str]:
    server.answer = emulator
    other = OtherEmulator(server.url, "us-east-1")
    account, lines = other.examine(own_port=1)
    return other, account, "\n".join(lines)


def test_the_account_is_the_other_emulators(server: OtherServer) -> None:
    _, account, said = examined(server, Emulator("s3", "sts"))

    assert account == "111122223333"
    assert f"All services but SageMaker are those of {server.url}, account 111122223333." in said


def test_each_service_that_is_missing_is_named_with_what_follows(server: OtherServer) -> None:
    _, account, said = examined(server, Emulator("s3"))

    assert account == "123456789012"
    for name, consequence in {
        "STS": "ARNs have the account 123456789012",
        "IAM": "jobs do not need it",
        "EventBridge": "reach no rule",
        "CloudWatch Logs": "those of this endpoint",
        "CloudWatch": "those of this endpoint",
    }.items():
        (line,) = (line for line in said.splitlines() if f"no {name} (" in line)
        assert consequence in line


def test_logs_and_metrics_are_answered_here_where_they_are_missing(server: OtherServer) -> None:
    with_logs, _, _ = examined(server, Emulator("s3", "sts", "logs"))
    without, _, _ = examined(server, Emulator("s3", "sts"))

    assert with_logs.answered_here == {"monitoring"}
    assert without.answered_here == {"logs", "monitoring"}


def test_a_bus_that_takes_the_event_needs_no_word(server: OtherServer) -> None:
    _, _, said = examined(server, Emulator("s3", "sts", "events"))

    assert "EventBridge" not in said
    assert "aws.sagemaker" not in said


def test_a_bus_that_refuses_the_event_is_said_at_the_start(server: OtherServer) -> None:
    _, _, said = examined(server, Emulator("s3", "sts", "events", entries=REFUSED))

    assert "It refuses events of source aws.sagemaker (NotAuthorizedForSource: no): none is sent" in said


def test_no_rule_can_match_the_event_that_asks(server: OtherServer) -> None:
    emulator = Emulator("s3", "sts", "events")

    examined(server, emulator)

    asked = emulator.called[emulator.called.index("CreateEventBus") :]
    assert [name for name in asked if not name.startswith("{")] == [
        "CreateEventBus", "PutEvents", "DeleteEventBus",
    ]  # fmt: skip
    assert '"EventBusName": "local-sagemaker-probe-' in asked[2]
    assert '"Source": "aws.sagemaker"' in asked[2]


@pytest.mark.parametrize(("entries", "number"), [(ACCEPTED, 2), (REFUSED, 1)])
def test_events_are_sent_unless_the_bus_refused_the_first(server: OtherServer, entries: bytes, number: int) -> None:
    emulator = Emulator("s3", "sts", "events", entries=entries)
    other, _, _ = examined(server, emulator)
    pending = Pending()

    with ExitStack() as services:
        other.open(services, server.url, pending)  # type: ignore[arg-type]
        other.put_event(event("a"))
        eventually(lambda: not pending.rows)

    assert emulator.called.count("PutEvents") == number


def test_a_restart_finds_what_the_other_emulator_has_by_now(server: OtherServer) -> None:
    other, _, _ = examined(server, Emulator("s3", "sts"))
    server.answer = Emulator("s3", "sts", "logs", "monitoring")

    other.examine(own_port=1)

    assert not other.answered_here


def test_one_that_does_not_answer_is_named_with_what_was_tried() -> None:
    with listen(0) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"

    with pytest.raises(UnusableEmulator, match=rf"{url} does not answer \(tried S3's ListBuckets"):
        OtherEmulator(url, "us-east-1").examine(own_port=1)


def test_a_server_of_something_else_is_named_too(server: OtherServer) -> None:
    server.answer = lambda request: request.say(b"<!doctype html><p>Hello", 404)

    with pytest.raises(UnusableEmulator, match="does not answer as AWS's S3"):
        OtherEmulator(server.url, "us-east-1").examine(own_port=1)


def test_standing_beside_oneself_is_refused(server: OtherServer) -> None:
    with pytest.raises(UnusableEmulator, match="is this local AWS itself"):
        OtherEmulator(server.url, "us-east-1").examine(own_port=server.server_port)


def test_a_complete_emulator_needs_one_line() -> None:
    assert len(notices("http://other", Findings("1", {}))) == 1
