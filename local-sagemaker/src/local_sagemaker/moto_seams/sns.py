"""SNS.

moto does not report published messages, which the program that runs the local AWS wants to see; but it holds all of
them forever, for the assertions of tests.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.sns.models import Topic

from local_sagemaker.moto_seams.patches import Patches
from local_sagemaker.values import Published


def install(patches: Patches, on_published: Callable[[Published], None]) -> None:
    """Call `on_published` after each message has gone to the topic's subscribers, and forget it."""

    def tell(original: Callable[..., str]) -> Callable[..., str]:
        @wraps(original)
        def publish(topic: Any, message: str, subject: str | None = None, *args: Any, **kwargs: Any) -> str:
            message_id = original(topic, message, subject, *args, **kwargs)
            topic.sent_notifications.clear()
            attributes = args[0] if args else kwargs.get("message_attributes")
            on_published(Published(topic.arn, message, message_id, subject, attributes or {}))
            return message_id

        return publish

    patches.replace(Topic, "publish", tell)
