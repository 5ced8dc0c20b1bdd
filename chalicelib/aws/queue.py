"""The uploads queue, which triggers `reconcile()`."""

import json
from typing import Any

from chalicelib.aws.faults import translated

MAX_DELAY_S = 900
"""SQS's limit for delaying a message."""


class Queue:
    """Sends our own messages, in addition to those that EventBridge sends."""

    def __init__(self, sqs: Any, url: str):
        self._sqs = sqs
        self._url = url

    def poke(self, dataset: str, delay_s: float = 0.0) -> None:
        """Have the dataset reconciled after `delay_s`. A second call costs one listing and changes nothing."""
        delay = min(MAX_DELAY_S, max(0, int(-(-delay_s // 1))))
        with translated():
            self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps({"dataset": dataset}), DelaySeconds=delay)
