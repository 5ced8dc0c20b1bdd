"""Lambda's values: a function, and the outcome of an invocation."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Function:
    """A function's code and configuration; equal ones share execution environments."""

    name: str
    arn: str
    handler: str
    timeout_s: float
    memory_mb: int
    environment: tuple[tuple[str, str], ...]
    code_sha: str
    code: bytes = field(repr=False, compare=False)
    runtime: str = "python"
    version: str = "$LATEST"
    concurrency: int | None = None
    retries: int = 2
    on_failure_arn: str | None = None
    dead_letter_arn: str | None = None
    own_log_group: str | None = None
    role_arn: str = ""

    @property
    def log_group(self) -> str:
        """Its log group: the configured one, else the default for its name."""
        return self.own_log_group or f"/aws/lambda/{self.name}"


@dataclass(frozen=True)
class Outcome:
    """The response of one invocation; with `is_error` its payload is {"errorType": …, "errorMessage": …}."""

    payload: bytes
    is_error: bool = False
    request_id: str = ""

    @property
    def error_message(self) -> str:
        """The error in one line; empty if there was none."""
        if not self.is_error:
            return ""
        said = json.loads(self.payload)
        return f"{said.get('errorType')}: {said.get('errorMessage')}"


def failure(error_type: str, message: str, request_id: str = "") -> Outcome:
    """An error that Lambda itself reports, in Lambda's words."""
    said = f"RequestId: {request_id} Error: {message}" if request_id else message
    body: dict[str, Any] = {"errorType": error_type, "errorMessage": said}
    return Outcome(json.dumps(body).encode(), is_error=True, request_id=request_id)
