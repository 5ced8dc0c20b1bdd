"""The uploads queue: what wakes `reconcile()`."""

import json
from typing import Any

from chalicelib.aws.faults import translated

MAX_DELAY_S = 900
"""SQS holds one message back for at most this long."""


class Queue:
    """Messages of our own, beside the ones that EventBridge puts there."""

    def __init__(self, sqs: Any, url: str):
        self._sqs = sqs
        self._url = url

    def poke(self, dataset: str, delay_s: float = 0.0) -> None:
        """Have the dataset reconciled after `delay_s`. A second poke costs one listing and changes nothing."""
        delay = min(MAX_DELAY_S, max(0, int(-(-delay_s // 1))))
        with translated():
            self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps({"dataset": dataset}), DelaySeconds=delay)
