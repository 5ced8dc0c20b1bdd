"""SQS, and its messages: a row for each, and one for each message that was deleted.

moto passes every new message to Lambda within SendMessage; AWS's pollers receive it later, on their own.
moto's queue is not thread-safe: a message sent while another is deleted is lost; two receivers can get the same one.
moto identifies a queue of CloudFormation by its URL on AWS, which clients of this endpoint cannot reach.

After a restart, a message in flight or delayed stays so, since its times are absolute. The exception are queues that
Lambda polls: the functions that had their messages died with the local AWS, so these can be received again immediately.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from copyreg import __newobj__  # type: ignore[attr-defined]
from functools import wraps
from threading import Condition
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sns.models import sns_backends
from moto.sqs.exceptions import QueueDoesNotExist, ReceiptHandleIsInvalid
from moto.sqs.models import Message, Queue, SQSBackend, sqs_backends

from local_sagemaker.durability.database import Database
from local_sagemaker.durability.requests import Effect, Request
from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.moto_seams.common.pickles import Pickles, Reduced, backends, identity

_POLL_S = 0.02
_ONE_AT_A_TIME = (
    "send_message",
    "delete_message",
    "change_message_visibility",
    "purge_queue",
    "receive_message",
)
_VALUES = {"StringValue": "stringValue", "BinaryValue": "binaryValue", "DataType": "dataType"}
_WAITING, _DELETED = "messages", "deleted messages"


def install(patches: Patches, endpoint_url: str, pause: Callable[[float], None] = time.sleep) -> None:
    """Make SQS thread-safe, leave Lambda to its pollers, and use this endpoint in queue URLs. A long poll calls `pause`
    between two attempts."""
    patches.one_at_a_time(SQSBackend, *_ONE_AT_A_TIME)
    patches.replace(SQSBackend, "receive_message", lambda receive: _long_poll(receive, pause))
    patches.add(Queue, "lambda_event_source_mappings", property(lambda _: {}, lambda *_: None))
    patches.rely_on(Queue, "__init__", "add_message")  # the first sets it, the second sends to those that it names
    patches.replace(Queue, "physical_resource_id", lambda _: property(lambda q: _url(endpoint_url, q)))


def _url(endpoint_url: str, queue: Any) -> str:
    return f"{endpoint_url}/{queue.account_id}/{queue.name}"


def _long_poll(receive: Callable[..., Any], pause: Callable[[float], None]) -> Callable[..., Any]:
    """Wait outside of moto, which would wait while it holds our lock."""

    @wraps(receive)
    def call(backend: Any, queue_name: str, count: int, wait_seconds_timeout: int, *args: Any, **kwargs: Any) -> Any:
        until = time.monotonic() + (wait_seconds_timeout or 0)
        while not (messages := receive(backend, queue_name, count, 0, *args, **kwargs)):
            if time.monotonic() >= until:
                break
            pause(_POLL_S)
        return messages

    return call


class Queues:
    """Queues without HTTP, since pollers call often. Every change is made within `changing()`."""

    def __init__(self, changing: Callable[[], AbstractContextManager[None]]) -> None:
        self._changing = changing

    def receive(self, queue_arn: str, at_most: int) -> list[dict[str, Any]]:
        """Receive messages as a function's records; none if the queue does not exist."""
        backend, name = _queue(queue_arn)
        with self._changing():
            try:
                visibility_timeout = backend.get_queue(name).visibility_timeout
                messages = backend.receive_message(name, at_most, 0, visibility_timeout, ["All"])
            except QueueDoesNotExist:
                return []
        return [_record(message, queue_arn) for message in messages]

    def delete(self, queue_arn: str, receipt_handles: list[str]) -> None:
        """Delete messages, if they still exist."""
        backend, name = _queue(queue_arn)
        with self._changing():
            for handle in receipt_handles:
                try:
                    backend.delete_message(name, handle)
                except (QueueDoesNotExist, ReceiptHandleIsInvalid):
                    continue


def send(arn: str, body: str, attributes: dict[str, str]) -> None:
    """Send to a queue or a topic, with string attributes."""
    if arn.split(":")[2] == "sns":
        _, _, _, region, account, _ = arn.split(":")
        values = {name: {"Type": "String", "Value": value} for name, value in attributes.items()}
        sns_backends[account][region].publish(body, arn=arn, message_attributes=values)
        return
    backend, name = _queue(arn)
    values = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    backend.send_message(name, body, message_attributes=values)


def _queue(arn: str) -> tuple[Any, str]:
    _, _, _, region, account, name = arn.split(":")
    return sqs_backends[account][region], name


def _record(message: Any, queue_arn: str) -> dict[str, Any]:
    """docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    if message.group_id is not None:
        attributes["MessageGroupId"] = message.group_id
    if message.deduplication_id is not None:
        attributes["MessageDeduplicationId"] = message.deduplication_id
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": {k: _attribute(v) for k, v in message.message_attributes.items()},
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def _attribute(attribute: dict[str, Any]) -> dict[str, Any]:
    known = {_VALUES[name]: value for name, value in attribute.items() if name in _VALUES}
    return {**known, "stringListValues": [], "binaryListValues": []}


class Messages:
    """The messages of all queues. `is_read_by_lambda` is called once for each queue's ARN, on loading."""

    def __init__(self, pickles: Pickles, is_read_by_lambda: Callable[[str], bool]) -> None:
        self._pickles = pickles
        self._is_read_by_lambda = is_read_by_lambda
        self._queues: dict[str, Any] = {}
        self._messages: set[str] = set()
        self._saved: dict[str, dict[str, Any]] = {}
        pickles.leave_out[Queue] = _emptied

    def install(self, patches: Patches) -> None:
        """Track each queue that is written to, and each message that is received or hidden."""
        patches.replace(Message, "__setattr__", self._noting_set)
        for name in ("add_message", "delete_message"):
            patches.replace(Queue, name, self._noting_queue)
        for name in ("receive_message", "change_message_visibility", "purge_queue"):
            patches.replace(SQSBackend, name, self._noting_name)

    def heard(self, request: Request, effect: Effect) -> None:
        """Do nothing: the patched queues report their own changes."""

    def save(self, database: Database) -> None:
        if not self._messages and not self._queues:
            return
        queues, self._queues = self._queues, {}
        changed, self._messages = self._messages, set()
        for place, queue in queues.items():
            self._save(database, place, queue, changed)

    def load(self, database: Database) -> None:
        queues = {identity(queue): queue for backend in backends("sqs") for queue in backend.queues.values()}
        for place, _, value in database.rows(_WAITING):
            if place in queues:
                queues[place]._messages.append(self._pickles.load(value))
            else:
                database.delete_place(_WAITING, place)
        for place, handle, _ in database.rows(_DELETED):
            if place in queues:
                queues[place].deleted_messages.add(handle)
            else:
                database.delete_place(_DELETED, place)
        for place, queue in queues.items():
            self._saved[place] = {message.id: message for message in queue._messages}
            self._resume(queue)

    def _resume(self, queue: Any) -> None:
        in_flight = [message for message in queue._messages if message.visible_at > unix_time_millis()]
        if self._is_read_by_lambda(queue.queue_arn):
            for message in in_flight:
                message.visible_at = 0.0
        else:
            queue._pending_messages.update(in_flight)

    def _save(self, database: Database, place: str, queue: Any, changed: set[str]) -> None:
        waiting = {message.id: message for message in queue._messages}
        before = self._saved.get(place, {})
        for message_id in before.keys() - waiting.keys():
            database.delete(_WAITING, place, message_id)
            for handle in filter(None, before[message_id].all_receipt_handles):
                if handle in queue.deleted_messages:
                    database.save(_DELETED, place, handle, b"")
        for message_id, message in waiting.items():
            if message_id in changed or message_id not in before:
                database.save(_WAITING, place, message_id, self._pickles.dump(message))
        self._saved[place] = waiting

    def _noting_set(self, original: Callable[[Any, str, Any], None]) -> Callable[[Any, str, Any], None]:
        def set_attribute(message: Any, name: str, value: Any) -> None:
            original(message, name, value)
            self._messages.add(message.id)

        return set_attribute

    def _noting_queue(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def call(queue: Any, *args: Any) -> Any:
            self._queues[identity(queue)] = queue
            return original(queue, *args)

        return call

    def _noting_name(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def call(backend: Any, queue_name: str, *args: Any, **kwargs: Any) -> Any:
            queue = backend.get_queue(queue_name)
            noted, there = len(self._messages), len(queue._messages)
            given = original(backend, queue_name, *args, **kwargs)
            if len(self._messages) > noted or len(queue._messages) != there:  # some went to the dead-letter queue
                self._queues[identity(queue)] = queue
            return given

        return call


def _emptied(queue: Any) -> Reduced:
    identity(queue)
    left_out = {"_messages": [], "_pending_messages": set(), "deleted_messages": set(), "_messages_lock": Condition()}
    return __newobj__, (type(queue),), {**vars(queue), **left_out}
