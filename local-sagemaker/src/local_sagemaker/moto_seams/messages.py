"""Access to messages in moto's queues, for Lambda's pollers and destinations."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from moto.sns.models import sns_backends
from moto.sqs.exceptions import QueueDoesNotExist, ReceiptHandleIsInvalid
from moto.sqs.models import sqs_backends

_VALUES = {"StringValue": "stringValue", "BinaryValue": "binaryValue", "DataType": "dataType"}


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
