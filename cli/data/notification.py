"""A notification as its subscriber receives it."""

import json
from typing import TYPE_CHECKING

from rich.rule import Rule
from rich.text import Text

from cli.console import talk

if TYPE_CHECKING:  # the local AWS takes seconds to load
    from local_sagemaker.values import Published


def as_text(notification: "Published") -> str:
    """Format the message as an email subscriber receives it."""
    return f"Subject: {notification.subject or ''}\n\n{text_of(notification).rstrip()}\n"


def text_of(notification: "Published") -> str:
    """Return the text for people out of a message that SNS splits by protocol (MessageStructure=json)."""
    try:
        texts = json.loads(notification.message)
    except ValueError:
        return notification.message
    if not isinstance(texts, dict) or not isinstance(texts.get("default"), str):
        return notification.message
    return str(texts.get("email", texts["default"]))


def show_notification(notification: "Published") -> None:
    """Print the message between two rules. It is laid out for 80 columns, so a frame would leave too few."""
    console = talk()
    console.print()
    console.print(Rule(Text(notification.subject or "notification", style="bold"), align="left", style="cyan"))
    console.print(Text(text_of(notification).rstrip()), soft_wrap=True)
    console.print(Rule(style="cyan"))
