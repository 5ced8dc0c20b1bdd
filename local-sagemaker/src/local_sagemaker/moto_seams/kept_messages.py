"""Keeps SQS's messages: a row each, and one for each message that was deleted.

A message in flight or delayed stays so, since its times are absolute. The exception are queues that Lambda polls: the
functions that had their messages died with the local AWS, so these can be received again immediately.
"""

from collections.abc import Callable
from copyreg import __newobj__  # type: ignore[attr-defined]
from functools import wraps
from threading import Condition
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sqs.models import Message, Queue, SQSBackend

from local_sagemaker.durability.database import Database
from local_sagemaker.durability.requests import Effect, Request
from local_sagemaker.moto_seams.patches import Patches
from local_sagemaker.moto_seams.pickles import Pickles, Reduced, backends, identity

_WAITING, _DELETED = "messages", "deleted messages"


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
