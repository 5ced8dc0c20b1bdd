"""Calls as no client would make them: bytes over HTTP."""

import http.client
import json
from typing import Any

from local_sagemaker.json_protocol import JSON


def call(
    endpoint_url: str, operation: str, body: bytes | dict[str, Any], method: str = "POST", **headers: str
) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, parsed answer and headers; `Content_Type="…"` is a header, an empty one is left out."""
    connection = http.client.HTTPConnection(endpoint_url.removeprefix("http://"), timeout=60)
    asked = {"X-Amz-Target": f"SageMaker.{operation}", "Content-Type": JSON}
    asked |= {name.replace("_", "-"): value for name, value in headers.items()}
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        connection.request(method, "/", payload, {name: value for name, value in asked.items() if value})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}"), dict(answer.getheaders())
    finally:
        connection.close()
