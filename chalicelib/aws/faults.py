"""AWS's error codes in our words: the one place where a `ClientError` is read."""

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
    """The service's error code, such as `ResourceInUse`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def text_of(error: ClientError) -> str:
    """The service's own words."""
    return str(error.response.get("Error", {}).get("Message", "")) or str(error)


@contextmanager
def translated() -> Iterator[None]:
    """Raises: Throttled, QuotaExceeded, DatasetChanged, LostRace, Unavailable: instead of their `ClientError`s.
    Every other `ClientError` passes unchanged."""
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
