"""SQS.

moto passes every new message to Lambda within SendMessage; AWS's pollers receive it later, on their own.
moto's queue is not thread-safe: a message sent while another is deleted is lost; two receivers can get the same one.
moto identifies a queue of CloudFormation by its URL on AWS, which clients of this endpoint cannot reach.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.sqs.models import Queue, SQSBackend

from local_sagemaker.moto_seams.patches import Patches

_POLL_S = 0.02
_ONE_AT_A_TIME = (
    "send_message",
    "delete_message",
    "change_message_visibility",
    "purge_queue",
    "receive_message",
)


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
