"""The notifications topic."""

from typing import Any

from chalicelib.aws.faults import translated
from chalicelib.messages.tuning import Message, publish_arguments


class Topic:
    """Publishes messages; who gets them is the topic's subscriptions' business."""

    def __init__(self, sns: Any, arn: str):
        self._sns = sns
        self._arn = arn

    def publish(self, message: Message) -> None:
        """A second call sends a second copy, with the same message id: claim before you send."""
        with translated():
            self._sns.publish(TopicArn=self._arn, **publish_arguments(message))
