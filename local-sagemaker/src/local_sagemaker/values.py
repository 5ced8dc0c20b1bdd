"""Values that all of the local AWS shares, and those that it passes to the program that started it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ACCOUNT = "123456789012"
HOST = "127.0.0.1"
"""The address on which everything listens, unless the server is bound to another one."""


@dataclass(frozen=True)
class Published:
    """A message published to an SNS topic; an attribute is {"Type": "String", "Value": "…"}."""

    topic_arn: str
    message: str
    message_id: str
    subject: str | None = None
    message_attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
