"""EventBridge's schedules: rules with a rate fire on time; cron rules never fire, which is logged."""

import logging
import re
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

_RATE = re.compile(r"^rate\((\d+) (minute|hour|day)s?\)$")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}
_LOOK_S = 0.2
_log = logging.getLogger(__name__)


def period_s(expression: str) -> int | None:
    """The period of an expression such as `rate(15 minutes)` in seconds; None for anything else."""
    match = _RATE.match(expression)
    return int(match[1]) * _SECONDS[match[2]] if match else None


class Schedules:
    """Fire each enabled rule every period, for the first time one period after the rule was seen, as EventBridge does.

    `rules` returns the current rules: objects with `arn`, `scheduled_expression` and `state`. A rule whose expression
    changes starts a new period; a disabled rule keeps its schedule but does not fire.
    """

    def __init__(
        self,
        rules: Callable[[], list[Any]],
        fire: Callable[[Any], None],
        now: Callable[[], float] = time.monotonic,
        look_s: float = _LOOK_S,
    ) -> None:
        self._rules = rules
        self._fire = fire
        self._now = now
        self._due: dict[tuple[str, str], float | None] = {}
        self._look_s = look_s
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="schedules", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop firing."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._look_s):
            scheduled = {(r.arn, r.scheduled_expression): r for r in self._rules() if r.scheduled_expression}
            self._due = {key: due for key, due in self._due.items() if key in scheduled}
            for key, rule in scheduled.items():
                self._tick(key, rule)

    def _tick(self, key: tuple[str, str], rule: Any) -> None:
        period = period_s(rule.scheduled_expression)
        if key not in self._due:
            self._due[key] = None if period is None else self._now() + period
            if period is None:
                _log.warning("%s will not fire: the local AWS supports only rate(…), not %s", *key)
        due = self._due[key]
        if period is None or due is None or self._now() < due:
            return
        self._due[key] = due + period
        if rule.state == "ENABLED":
            self._fire(rule)
