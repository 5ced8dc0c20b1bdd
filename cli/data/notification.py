"""A notification as its reader gets it."""

import json
from typing import TYPE_CHECKING

from rich.rule import Rule
from rich.text import Text

from cli.console import talk

if TYPE_CHECKING:  # the local AWS takes seconds to load
    from localaws.values import Published


def as_text(notification: "Published") -> str:
    """The message as an e-mail subscriber gets it."""
    return f"Subject: {notification.subject or ''}\n\n{text_of(notification).rstrip()}\n"


def text_of(notification: "Published") -> str:
    """What a person gets of a message that SNS splits by protocol (MessageStructure=json)."""
    try:
        texts = json.loads(notification.message)
    except ValueError:
        return notification.message
    if not isinstance(texts, dict) or not isinstance(texts.get("default"), str):
        return notification.message
    return str(texts.get("email", texts["default"]))


def show_notification(notification: "Published") -> None:
    """The message between two rules: its text is made for eighty columns, so no frame takes any from it."""
    console = talk()
    console.print()
    console.print(Rule(Text(notification.subject or "notification", style="bold"), align="left", style="cyan"))
    console.print(Text(text_of(notification).rstrip()), soft_wrap=True)
    console.print(Rule(style="cyan"))
