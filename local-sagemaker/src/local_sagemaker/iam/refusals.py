"""The "access denied" error of each service.

As observed on AWS: S3 and SQS return AccessDenied (SQS with the action in lower case), SNS AuthorizationError, the
others AccessDeniedException.
"""

import json
import uuid
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from local_sagemaker.iam.policy import Permission
from local_sagemaker.iam.sessions import Session


def text(service: str, session: Session, asked: Permission, decided: str) -> str:
    """The message: who may not do what, and why."""
    action = {"sqs": asked.action.lower(), "sns": asked.action.replace("sns:", "SNS:")}.get(service, asked.action)
    resource = f'"{asked.resource}"' if service == "s3" else asked.resource
    why = {
        "explicitDeny": "with an explicit deny in an identity-based policy",
        "implicitDeny": f"because no identity-based policy allows the {action} action",
    }[decided]
    return f"User: {session.arn} is not authorized to perform: {action} on resource: {resource} {why}"


def refuse(service: str, message: str, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The response in the service's protocol; for HEAD, only the status."""
    request_id = str(uuid.uuid4())
    if service == "s3":
        error = f"<Code>AccessDenied</Code><Message>{escape(message)}</Message><RequestId>{request_id}</RequestId>"
        body = f"<Error>{error}</Error>"
        return _answer(start_response, 403, "application/xml", body if environ["REQUEST_METHOD"] != "HEAD" else "")
    if "HTTP_X_AMZ_TARGET" not in environ:  # a form, answered in XML
        code = "AuthorizationError" if service == "sns" else "AccessDenied"
        error = f"<Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message>"
        body = f"<ErrorResponse><Error>{error}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        return _answer(start_response, 403, "text/xml", body)
    code = "AccessDenied" if service == "sqs" else "AccessDeniedException"
    body = json.dumps({"__type": code, "message": message, "Message": message})
    kind = environ.get("CONTENT_TYPE") or "application/x-amz-json-1.1"
    return _answer(start_response, 403 if service == "sqs" else 400, kind, body)


def _answer(start_response: Any, status: int, kind: str, body: str) -> Iterable[bytes]:
    payload = body.encode()
    start_response(f"{status} Refused", [("Content-Type", kind), ("Content-Length", str(len(payload)))])
    return [payload]
