"""Decides which requests SageMaker answers and which the other emulator."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from local_sagemaker.edge import rest
from local_sagemaker.iam.sessions import signature
from local_sagemaker.runtime_gateway import invocation

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def in_account(account: str, moto: Wsgi) -> Wsgi:
    """Let moto answer for this account, whatever access key signed the request."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return moto({**environ, "HTTP_X_MOTO_ACCOUNT_ID": account}, start_response)

    return call


class Split:
    """A WSGI application. `answered_here` holds the signing names of the services that the other emulator lacks; it is
    read at each request."""

    def __init__(self, sagemaker: Wsgi, other: Wsgi, answered_here: Collection[str]) -> None:
        self._sagemaker = sagemaker
        self._other = other
        self._answered_here = answered_here

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        signed = signature(environ)
        is_here = is_of_sagemaker(environ) or (signed is not None and signed.service in self._answered_here)
        return (self._sagemaker if is_here else self._other)(environ, start_response)


def is_of_sagemaker(environ: dict[str, Any]) -> bool:
    """Whether a request is for SageMaker's API, its runtime, or another service with its signing name."""
    is_call = environ.get("HTTP_X_AMZ_TARGET", "").startswith("SageMaker.")
    return is_call or invocation(environ) is not None or rest.operation(environ) is not None
