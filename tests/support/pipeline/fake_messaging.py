"""A queue and a topic with memory."""

import json
from collections.abc import Callable
from typing import Any


class FakeQueue:
    """SQS with memory: message bodies with the time from which they can be received."""

    def __init__(self, now: Callable[[], float]):
        self._now = now
        self.messages: list[tuple[float, str]] = []
        self.before_answer: Callable[[], object] = lambda: None

    def send_message(self, QueueUrl: str, MessageBody: str, DelaySeconds: int = 0) -> None:  # noqa: N803
        self.messages.append((self._now() + DelaySeconds, json.loads(MessageBody)["dataset"]))
        self.before_answer()

    def receive(self) -> list[str]:
        ready = [name for at, name in self.messages if at <= self._now()]
        self.messages = [message for message in self.messages if message[0] > self._now()]
        return ready


class FakeTopic:
    """SNS with memory."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []

    def publish(self, **arguments: Any) -> None:
        self.published.append(arguments)

    @property
    def ids(self) -> list[str]:
        return [message["MessageAttributes"]["id"]["StringValue"] for message in self.published]
