"""SQS.

moto hands every new message to Lambda inside SendMessage; AWS's pollers come later, on their own.
moto's queue is not made for threads: a message sent while another is deleted is lost, two receivers get one.
moto names a queue of CloudFormation by its URL on AWS, which no client of this endpoint reaches.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.sqs.models import Queue, SQSBackend

from localaws.moto_seams.patches import Patches

_POLL_S = 0.02
_ONE_AT_A_TIME = (
    "send_message",
    "delete_message",
    "change_message_visibility",
    "purge_queue",
    "receive_message",
)


def install(patches: Patches, endpoint_url: str, pause: Callable[[float], None] = time.sleep) -> None:
    """Makes SQS safe for threads, leaves Lambda to its pollers, and names queues by this endpoint. A receiver that
    waits for messages calls `pause` between two looks."""
    patches.one_at_a_time(SQSBackend, *_ONE_AT_A_TIME)
    patches.replace(SQSBackend, "receive_message", lambda receive: _long_poll(receive, pause))
    patches.add(Queue, "lambda_event_source_mappings", property(lambda _: {}, lambda *_: None))
    patches.rely_on(Queue, "__init__", "add_message")  # the first sets it, the second sends to those that it names
    patches.replace(Queue, "physical_resource_id", lambda _: property(lambda q: _url(endpoint_url, q)))


def _url(endpoint_url: str, queue: Any) -> str:
    return f"{endpoint_url}/{queue.account_id}/{queue.name}"


def _long_poll(receive: Callable[..., Any], pause: Callable[[float], None]) -> Callable[..., Any]:
    """moto waits while it holds what we lock: wait outside."""

    @wraps(receive)
    def call(backend: Any, queue_name: str, count: int, wait_seconds_timeout: int, *args: Any, **kwargs: Any) -> Any:
        until = time.monotonic() + (wait_seconds_timeout or 0)
        while not (messages := receive(backend, queue_name, count, 0, *args, **kwargs)):
            if time.monotonic() >= until:
                break
            pause(_POLL_S)
        return messages

    return call
