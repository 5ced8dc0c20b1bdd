"""The runtime service: InvokeEndpoint as a proxy in front of the containers.

docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html: bodies of up to 6 MB (4 MB if the
endpoint is serverless), 60 seconds, and ModelError (424) when the container returns an error.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.hosting.endpoints.fleet import Fleet, Variant
from local_sagemaker.sagemaker.hosting.resources.records import SERVING
from local_sagemaker.sagemaker.hosting.resources.store import HostingStore
from local_sagemaker.sagemaker.hosting.serverless.on_demand import Throttled
from local_sagemaker.sagemaker.hosting.serving.conversation import NoResponse, Response, ResponseTimeout
from local_sagemaker.sagemaker.hosting.serving.server import MAX_BODY_BYTES

INVOCATION_TIMEOUT_S = 60.0
_ATTRIBUTES = "x-amzn-sagemaker-custom-attributes"
_PASSED_ON = ("content-type", "accept", _ATTRIBUTES, "x-amzn-sagemaker-inference-id")
_NOT_HOSTED = {
    "x-amzn-sagemaker-target-model": "is not a multi-model endpoint and does not support target model header.",
    "x-amzn-sagemaker-target-container-hostname": "is not a multi-container endpoint.",
    "x-amzn-sagemaker-inference-component": "has no inference components.",
    "x-amzn-sagemaker-enable-explanations": "has no explainer.",
    "x-amzn-sagemaker-session-id": "has no sessions.",
}
_TOO_SLOW = (
    "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for "
    "each container in Amazon CloudWatch, resolve the issue, and try again."
)


class RuntimeRefusal(Exception):
    """An error of the runtime service: its name, HTTP status, and the members of its body."""

    def __init__(self, name: str, http_status: int, **members: Any):
        super().__init__(f"{name}: {members}")
        self.name = name
        self.http_status = http_status
        self.members = members


@dataclass
class Runtime:
    """`headers` are those of an HTTP request, with names in lower case."""

    store: HostingStore
    fleet: Fleet
    region: str
    account: str
    timeout_s: float = INVOCATION_TIMEOUT_S

    def answer(
        self, endpoint: str, asked: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer a request with status, headers and body. Only paths that end in `invocations` are supported."""
        try:
            if asked != "invocations":
                raise _invalid(f"The local AWS hosts only real-time endpoints: it does not support {asked}.")
            variant = self._chosen(endpoint, headers, body)
            reply = self._invoke(endpoint, variant, headers, body)
        except RuntimeRefusal as e:
            shown = {"Content-Type": "application/json", "x-amzn-ErrorType": e.name}
            return e.http_status, shown, json.dumps(e.members).encode()
        passed = {"Content-Type": reply.headers.get("content-type", "application/octet-stream")}
        if _ATTRIBUTES in reply.headers:
            passed["X-Amzn-SageMaker-Custom-Attributes"] = reply.headers[_ATTRIBUTES]
        return 200, {**passed, "x-Amzn-Invoked-Production-Variant": variant.name}, reply.body

    def _chosen(self, name: str, headers: Mapping[str, str], body: bytes) -> Variant:
        """The variant for a request. Names are case-sensitive here, unlike in CreateEndpoint; only endpoints in service
        are found."""
        _check_length(body, MAX_BODY_BYTES)
        if not any(one.name == name and one.status in SERVING for one in self.store.endpoints.all()):
            raise _invalid(f"Endpoint {name} of account {self.account} not found.", ErrorCode="NO_SUCH_ENDPOINT")
        for header, why in _NOT_HOSTED.items():
            if header in headers:
                raise _invalid(f"Endpoint {name} {why}")
        asked = headers.get("x-amzn-sagemaker-target-variant")
        variant = self.fleet.choose(name, asked)
        if variant is None:
            raise _invalid(f"Variant {asked} of endpoint {name} of account {self.account} not found.")
        _check_length(body, variant.server.max_body_bytes)
        return variant

    def _invoke(self, endpoint: str, variant: Variant, headers: Mapping[str, str], body: bytes) -> Response:
        passed = {header: headers[header] for header in _PASSED_ON if headers.get(header)}
        try:
            reply = variant.server.ask("POST", "/invocations", body, passed, self.timeout_s)
        except Throttled as e:
            raise _throttled() from e
        except ResponseTimeout as e:
            raise self._model_error(endpoint, 0, _TOO_SLOW) from e
        except NoResponse as e:
            raise self._model_error(endpoint, 503, f"The container did not respond: {e}") from e
        if not reply.is_success:
            raise self._model_error(endpoint, reply.status, reply.body.decode(errors="replace"))
        return reply

    def _model_error(self, endpoint: str, status: int, said: str) -> RuntimeRefusal:
        is_client = 400 <= status < 500
        group = f"/aws/sagemaker/Endpoints/{endpoint}"
        where = f"https://{self.region}.console.aws.amazon.com/cloudwatch/home?region={self.region}#logEventViewer"
        text = f'Received {"client" if is_client else "server"} error ({status}) from primary with message "{said}".'
        return RuntimeRefusal(
            "ModelError",
            424,
            ErrorCode="CLIENT_ERROR_FROM_MODEL" if is_client else "INTERNAL_FAILURE_FROM_MODEL",
            LogStreamArn=f"arn:aws:logs:{self.region}:{self.account}:log-group:{group}",
            Message=f"{text} See {where}:group={group} in account {self.account} for more information.",
            OriginalMessage=said,
            OriginalStatusCode=status,
        )


def _invalid(message: str, **more: str) -> RuntimeRefusal:
    return RuntimeRefusal("ValidationError", 400, Message=message, **more)


def _check_length(body: bytes, limit: int) -> None:
    if len(body) > limit:
        raise RuntimeRefusal("ValidationError", 413, Message=f"HTTP content length exceeded {limit} bytes.")


def _throttled() -> RuntimeRefusal:
    """The error for more requests than MaxConcurrency. Clients of endpoints with instances report a ThrottlingException
    with status 400 and a message of null, as in SageMaker's list of common errors; that a serverless endpoint returns
    the same is an assumption."""
    return RuntimeRefusal("ThrottlingException", 400, message=None)
