"""Determines which messages of a batch a function has failed on.

A response that cannot be parsed, or that names a message not in the batch, fails the whole batch:
docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import json
from typing import Any

from local_sagemaker.lambdas.values import Outcome


def failed_ids(outcome: Outcome, sent: set[str], reports_item_failures: bool) -> set[str]:
    """The ids of the messages that must stay in the queue."""
    if outcome.is_error:
        return sent
    if not reports_item_failures:
        return set()
    try:
        answer: Any = json.loads(outcome.payload or b"null")
        failures = (answer or {}).get("batchItemFailures") or []
        named = {failure["itemIdentifier"] for failure in failures}
    except (ValueError, TypeError, KeyError, AttributeError):
        return sent
    return named if named <= sent else sent
