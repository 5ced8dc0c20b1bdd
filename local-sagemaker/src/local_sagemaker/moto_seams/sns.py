"""SNS.

moto does not report published messages, which the program that runs the local AWS wants to see; but it holds all of
them forever, for the assertions of tests. It waits for each HTTP subscriber, which may call the local AWS before it
answers.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any

from moto.sns.models import Subscription, Topic

from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.values import Published

Meanwhile = Callable[[], AbstractContextManager[None]]


def install(patches: Patches, on_published: Callable[[Published], None], meanwhile: Meanwhile) -> None:
    """Call `on_published` after each message has gone to the topic's subscribers, and forget it. HTTP
    subscribers are called within `meanwhile()`, which lets other requests through."""

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
    patches.replace(Subscription, "publish", lambda original: _letting_others_in(original, meanwhile))


def _letting_others_in(publish: Callable[..., Any], meanwhile: Meanwhile) -> Callable[..., Any]:
    @wraps(publish)
    def call(subscription: Any, *args: Any, **kwargs: Any) -> Any:
        if subscription.protocol not in ("http", "https"):
            return publish(subscription, *args, **kwargs)
        with meanwhile():
            return publish(subscription, *args, **kwargs)

    return call
