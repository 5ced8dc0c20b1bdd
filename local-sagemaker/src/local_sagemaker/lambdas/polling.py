"""SQS event source mappings: deliver messages to functions in batches and delete them if the function succeeds."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Any, Protocol

from local_sagemaker.lambdas.batches import failed_ids
from local_sagemaker.lambdas.values import Function, Outcome

IDLE_S = 0.05
_LAMBDA_STARTS_WITH = 5  # concurrent batches of a standard queue's mapping without ScalingConfig
_log = logging.getLogger(__name__)

Record = dict[str, Any]  # as the function gets it in event["Records"]


@dataclass(frozen=True)
class EventSourceMapping:
    """An event source mapping."""

    uuid: str
    function_arn: str
    queue_arn: str
    batch_size: int = 10
    window_s: float = 0
    max_concurrency: int | None = None
    reports_item_failures: bool = False


class QueueReader(Protocol):
    """The queues that mappings read."""

    def receive(self, queue_arn: str, at_most: int) -> list[Record]:
        """Receive up to 10 messages for the queue's visibility timeout; none if the queue does not exist."""

    def delete(self, queue_arn: str, receipt_handles: list[str]) -> None:
        """Delete messages, if they still exist."""


class EventSourcePolling:
    """Run one thread per enabled mapping, for as long as the mapping exists."""

    def __init__(
        self,
        mappings: Callable[[], list[EventSourceMapping]],
        queues: QueueReader,
        find: Callable[[str], Function | None],
        invoke: Callable[[Function, bytes], Outcome],
    ) -> None:
        """`mappings` returns the mappings that are enabled now."""
        self._mappings = mappings
        self._queues = queues
        self._find = find
        self._invoke = invoke
        self._stopping = Event()
        self._watcher = Thread(target=self._watch, name="lambda-mappings", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Receive no further messages; do not wait for running batches."""
        self._stopping.set()
        self._watcher.join()

    def _watch(self) -> None:
        pollers: dict[str, _Poller] = {}
        while not self._stopping.wait(IDLE_S):
            current = {mapping.uuid: mapping for mapping in self._mappings()}
            for uuid, mapping in current.items():
                poller = pollers.get(uuid)
                if poller is None:
                    pollers[uuid] = _Poller(mapping, self._queues, self._run, self._stopping)
                else:
                    poller.mapping = mapping
            for uuid in pollers.keys() - current.keys():
                pollers.pop(uuid).retire()

    def _run(self, mapping: EventSourceMapping, batch: list[Record]) -> None:
        function = self._find(mapping.function_arn)
        if function is None:
            return _log.warning(
                "%s has messages for %s, which does not exist any more", mapping.queue_arn, mapping.function_arn
            )
        outcome = self._invoke(function, json.dumps({"Records": batch}).encode())
        stay = failed_ids(outcome, {r["messageId"] for r in batch}, mapping.reports_item_failures)
        done = [r["receiptHandle"] for r in batch if r["messageId"] not in stay]
        if done and not self._stopping.is_set():
            self._queues.delete(mapping.queue_arn, done)
        return None


class _Poller:
    """Pass one mapping's batches to `run`, each in its own thread, up to the mapping's concurrency."""

    def __init__(
        self,
        mapping: EventSourceMapping,
        queues: QueueReader,
        run: Callable[[EventSourceMapping, list[Record]], None],
        stopping: Event,
    ) -> None:
        self.mapping = mapping
        self._queues = queues
        self._run = run
        self._stopping = stopping
        self._retired = Event()
        self._busy = 0
        self._lock = Lock()
        Thread(target=self._poll, name=f"lambda-poller-{mapping.uuid}", daemon=True).start()

    def retire(self) -> None:
        """Receive no further messages."""
        self._retired.set()

    def _poll(self) -> None:
        while not (self._stopping.is_set() or self._retired.is_set()):
            mapping = self.mapping
            is_free = self._busy < (mapping.max_concurrency or _LAMBDA_STARTS_WITH)
            batch = self._gather(mapping) if is_free else []
            if not batch:
                self._stopping.wait(IDLE_S)
                continue
            with self._lock:
                self._busy += 1
            Thread(target=self._handle, args=(mapping, batch), name="lambda-batch", daemon=True).start()

    def _gather(self, mapping: EventSourceMapping) -> list[Record]:
        """Collect a batch: the available messages or, with a batching window, those that arrive until the batch is full
        or the window closes."""
        batch = self._receive(mapping, mapping.batch_size)
        until = time.monotonic() + mapping.window_s
        while batch and len(batch) < mapping.batch_size and time.monotonic() < until:
            if self._stopping.wait(IDLE_S):
                break
            batch += self._receive(mapping, mapping.batch_size - len(batch))
        return batch

    def _receive(self, mapping: EventSourceMapping, at_most: int) -> list[Record]:
        return self._queues.receive(mapping.queue_arn, min(at_most, 10))

    def _handle(self, mapping: EventSourceMapping, batch: list[Record]) -> None:
        try:
            self._run(mapping, batch)
        finally:
            with self._lock:
                self._busy -= 1
