"""Translate AWS's error codes into our errors: the only place that interprets a `ClientError`."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from chalicelib.errors import DatasetChanged, LostRace, QuotaExceeded, Throttled, Unavailable

_THROTTLES = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "SlowDown",
    "ServiceUnavailable",
    "InternalServerError",
    "InternalError",
    "InternalFailure",
    "ExpiredToken",
    "ExpiredTokenException",
}
_QUOTAS = {"ResourceLimitExceeded", "LimitExceededException"}
_CHANGED = {"PreconditionFailed", "NoSuchKey", "412", "404"}
_LOST = {"ConditionalCheckFailedException", "TransactionCanceledException"}


def code_of(error: ClientError) -> str:
    """Return the service's error code, such as `ResourceInUse`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def text_of(error: ClientError) -> str:
    """Return the service's own message."""
    return str(error.response.get("Error", {}).get("Message", "")) or str(error)


@contextmanager
def translated() -> Iterator[None]:
    """Raise Throttled, QuotaExceeded, DatasetChanged, LostRace or Unavailable instead of the matching `ClientError`s.
    Every other `ClientError` passes through unchanged."""
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        for codes, kind in ((_THROTTLES, Throttled), (_QUOTAS, QuotaExceeded), (_CHANGED, DatasetChanged)):
            if code in codes:
                raise kind(text_of(error)) from error
        if code in _LOST:
            raise LostRace(text_of(error)) from error
        raise
    except (HTTPClientError, ConnectionError) as error:
        raise Unavailable(str(error)) from error
    except BotoCoreError as error:
        raise Unavailable(str(error)) from error
