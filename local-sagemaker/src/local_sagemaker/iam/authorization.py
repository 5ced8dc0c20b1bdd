"""Checks each call of a function against its role's policies, which moto never evaluates.

Only functions are restricted: the user of this machine owns the local AWS, whatever credentials they use.
"""

import io
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from local_sagemaker import json_protocol
from local_sagemaker.iam import refusals
from local_sagemaker.iam.conditions import UnknownOperator
from local_sagemaker.iam.permissions import of_request
from local_sagemaker.iam.policy import Permission, Statement, decision
from local_sagemaker.iam.s3 import UnknownOperation, missing_object
from local_sagemaker.iam.sessions import Session, Sessions, Signature, signature

_AT_ONCE = 1 << 17
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True)
class AccessDecision:
    """One permission that a session needed, and the decision: allowed, explicitDeny or implicitDeny."""

    session: Session
    asked: Permission
    decided: str


class PolicyEvaluator:
    """Evaluate the policies of roles. `on_decision` is called with each decision, in the calling thread."""

    def __init__(
        self,
        statements_of: Callable[[str], Sequence[Statement]],
        on_decision: Callable[[AccessDecision], None] | None = None,
    ) -> None:
        """`statements_of` returns all current statements of a role, by its ARN."""
        self._statements_of = statements_of
        self._on_decision = on_decision

    def allows(self, session: Session, asked: Permission) -> bool:
        return self.refusal(session, asked) is None

    def refusal(self, session: Session, asked: Permission) -> str | None:
        """explicitDeny or implicitDeny; None if it is allowed. A policy that cannot be evaluated denies."""
        try:
            decided = decision(self._statements_of(session.role_arn), asked)
        except UnknownOperator:
            decided = "explicitDeny"
        if self._on_decision:
            self._on_decision(AccessDecision(session, asked, decided))
        return None if decided == "allowed" else decided


class AuthorizationMiddleware:
    """A WSGI application in front of all others."""

    def __init__(self, next_: Wsgi, sessions: Sessions, evaluator: PolicyEvaluator, account: str) -> None:
        self._next = next_
        self._sessions = sessions
        self._evaluator = evaluator
        self._account = account

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        signed = signature(environ)
        session = self._sessions.holder(signed.access_key) if signed else None
        if signed is None or session is None:
            return self._next(environ, start_response)
        if signed.service == "s3":
            return self._objects(environ, start_response, signed, session)
        try:
            body = json_protocol.read_body(environ)
            whole = {**environ, "wsgi.input": io.BytesIO(body)}
            message = self._refused(of_request(environ, body, signed, self._account), signed, session)
        except json_protocol.MalformedRequest as e:
            return json_protocol.respond(start_response, e.http_status, {"__type": e.code, "message": e.message})
        except UnknownOperation as unknown:
            message = _unknown(unknown)
        if message:
            return refusals.refuse(signed.service, message, environ, start_response)
        return self._next(whole, start_response)

    def _objects(
        self, environ: dict[str, Any], start_response: Any, signed: Signature, session: Session
    ) -> Iterable[bytes]:
        """Check a request to S3 without reading its body. A caller who may not list a bucket does not learn that an
        object is missing."""
        try:
            asked = of_request(environ, b"", signed, self._account)
            message = self._refused(asked, signed, session)
        except UnknownOperation as unknown:
            asked, message = [], _unknown(unknown)
        if message:
            drain(environ)
            return refusals.refuse("s3", message, environ, start_response)
        started: list[tuple[Any, ...]] = []
        answer = self._next(environ, lambda *given: started.append(given))
        if started and started[0][0].startswith("404"):
            listing = [one for one in map(missing_object, asked) if one]
            if message := self._refused(listing, signed, session):
                return refusals.refuse("s3", message, environ, start_response)
        for given in started:
            start_response(*given)
        return answer

    def _refused(self, asked: Iterable[Permission], signed: Signature, session: Session) -> str | None:
        for one in asked:
            if decided := self._evaluator.refusal(session, one):
                return refusals.text(signed.service, session, one, decided)
        return None


def drain(environ: dict[str, Any]) -> None:
    """Read the rest of the body: a client whose upload is cut off does not see the response."""
    left = sys.maxsize if environ.get("wsgi.input_terminated") else int(environ.get("CONTENT_LENGTH") or 0)
    while left > 0 and (chunk := environ["wsgi.input"].read(min(left, _AT_ONCE))):
        left -= len(chunk)


def _unknown(call: UnknownOperation) -> str:
    return f"The local AWS does not know which permission {call} needs, so no function may call it"
