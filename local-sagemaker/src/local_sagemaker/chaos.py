"""Unreliable events, as AWS may deliver them: twice, late, out of order or not at all, to test event handlers.

SageMaker's events are best effort, and SageMaker may send several for one change; S3's are delivered at least once.
docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html
docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
"""

import heapq
import itertools
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from threading import Condition, Thread
from typing import Any

Event = dict[str, Any]
LEAST_HOLD_S = 2.0
"""The shortest time that an out-of-order event is held back: long enough for later events to overtake it."""
_BEST_EFFORT = ("aws.sagemaker",)


@dataclass(frozen=True)
class Chaos:
    """`duplicate`, `drop` and `reorder` are probabilities from 0 to 1; each copy is up to `delay` seconds late."""

    duplicate: float = 0.3
    delay: float = 5.0
    drop: float = 0.1
    reorder: float = 0.2
    seed: int | None = None

    @classmethod
    def of(cls, text: str) -> "Chaos":
        """Parse `duplicate=0.3,delay=5,seed=7`. Rates that are not named are 0; an empty text means all defaults.

        Raises: ValueError: its message names the problem and the valid names."""
        named = dict(_pair(part) for part in text.split(",")) if text else {}
        rest = dict.fromkeys(_RATES, 0.0) if named else {}
        return cls(**{**rest, **named})


_RATES = tuple(found.name for found in fields(Chaos) if found.name != "seed")


def _pair(part: str) -> tuple[str, Any]:
    name, _, value = (word.strip() for word in part.partition("="))
    if name not in (*_RATES, "seed"):
        raise ValueError(f"{name or part!r} is not a valid name: use {', '.join(f'{n}=…' for n in _RATES)} or seed=…")
    try:
        number = int(value) if name == "seed" else float(value)
    except ValueError:
        raise ValueError(f"{name} must be a number, not {value!r}") from None
    most = 3600 if name == "delay" else 1
    if name != "seed" and not 0 <= number <= most:
        raise ValueError(f"{name} must be from 0 to {most}, not {value}")
    return name, number


@dataclass
class DeliveryPolicy:
    """Decide how each event is delivered; the same seed and events give the same decisions."""

    chaos: Chaos
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.chaos.seed)

    def decide(self, event: Event) -> list[tuple[float, Event]]:
        """Return the copies to deliver, each with its delay in seconds. Only best-effort events are ever dropped or
        reordered. A copy keeps the event's id (delivered twice) or gets its own (sent twice)."""
        chance = self._random.random
        rates = (self.chaos.drop, self.chaos.reorder, self.chaos.duplicate, 0.5)
        is_lost, is_held, is_twice, has_own_id = [chance() < rate for rate in rates]
        first_s, second_s, held_s = (chance() * self.chaos.delay for _ in range(3))
        own_id = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        if event.get("source") in _BEST_EFFORT and is_lost:
            return []
        if event.get("source") in _BEST_EFFORT and is_held:
            first_s += max(LEAST_HOLD_S, self.chaos.delay) + held_s
        copies = [(first_s, event)]
        if is_twice:
            copies.append((second_s, {**event, "id": own_id} if has_own_id else event))
        return copies


class UnreliableBus:
    """Deliver events as `policy` decides, from its own thread, from construction until `stop()`."""

    def __init__(self, policy: DeliveryPolicy, deliver: Callable[[Event], None]) -> None:
        self._policy = policy
        self._deliver = deliver
        self._due: list[tuple[float, int, Event]] = []
        self._numbers = itertools.count()
        self._changed = Condition()
        self._stopped = False
        self._thread = Thread(target=self._run, name="chaos", daemon=True)
        self._thread.start()

    def put(self, event: Event) -> None:
        """Queue the event's copies and return immediately."""
        with self._changed:
            for delay_s, copy in self._policy.decide(event):
                heapq.heappush(self._due, (time.monotonic() + delay_s, next(self._numbers), copy))
            self._changed.notify()

    def stop(self) -> None:
        """Stop delivering. Events that are not yet due are lost."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (event := self._next()) is not None:
            self._deliver(event)

    def _next(self) -> Event | None:
        """Block until the next event is due and return it; None once stopped."""
        with self._changed:
            while not self._stopped:
                wait_s = self._due[0][0] - time.monotonic() if self._due else None
                if wait_s is not None and wait_s <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait_s)
        return None
