"""A notification as its reader gets it."""

from rich.panel import Panel
from rich.text import Text

from cli.talk import talk
from localaws.values import Published


def as_text(notification: Published) -> str:
    """The message as an e-mail subscriber gets it."""
    return f"Subject: {notification.subject or ''}\n\n{notification.message.rstrip()}\n"


def show_notification(notification: Published) -> None:
    """The message in a frame."""
    body = Text(notification.message.rstrip())
    talk().print(
        Panel(body, title=Text(notification.subject or "notification", style="bold"), title_align="left")
    )
