"""How much is sent to a container at a time: from the job, else from its `/execution-parameters`, else the default.

docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-batch-code.html
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.hosting.serving.conversation import NoResponse
from local_sagemaker.sagemaker.hosting.serving.server import Server

_STRATEGIES = {"MULTI_RECORD": "MultiRecord", "SINGLE_RECORD": "SingleRecord"}
_WORDS = {strategy: word for word, strategy in _STRATEGIES.items()}
_TIMEOUT_S = 2.0
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class ExecutionParameters:
    """`max_payload_mb` 0 means no limit."""

    concurrent: int
    max_payload_mb: int
    strategy: str

    @property
    def max_bytes(self) -> int | None:
        return self.max_payload_mb * _MEGABYTE or None

    def __str__(self) -> str:
        """Format them as in SageMaker's own log."""
        numbers = f"MaxConcurrentTransforms={self.concurrent}, MaxPayloadInMB={self.max_payload_mb}"
        return f"{numbers}, BatchStrategy={_WORDS[self.strategy]}"


def execution_parameters(request: Mapping[str, Any], server: Server) -> ExecutionParameters:
    """Ask the container only for what the request leaves open; ignore invalid values."""
    is_complete = request.get("MaxConcurrentTransforms") and {"MaxPayloadInMB", "BatchStrategy"} <= set(request)
    said = {} if is_complete else _asked(server)
    concurrent = request.get("MaxConcurrentTransforms") or _number(said.get("MaxConcurrentTransforms"), 1) or 1
    payload = request["MaxPayloadInMB"] if "MaxPayloadInMB" in request else _number(said.get("MaxPayloadInMB"), 6)
    strategy = request.get("BatchStrategy") or _STRATEGIES.get(str(said.get("BatchStrategy")), "MultiRecord")
    return ExecutionParameters(concurrent, payload, strategy)


def variables(request: Mapping[str, Any]) -> dict[str, str]:
    """Further environment variables of a container in a transform job, besides its own and the request's."""
    strategy = request.get("BatchStrategy")
    given = {
        "SAGEMAKER_MAX_PAYLOAD_IN_MB": request.get("MaxPayloadInMB"),
        "SAGEMAKER_BATCH_STRATEGY": strategy and _WORDS[strategy],
        "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": request.get("MaxConcurrentTransforms"),
    }
    said = {name: str(value) for name, value in given.items() if value is not None}
    return {**request.get("Environment", {}), "SAGEMAKER_BATCH": "true", **said}


def _asked(server: Server) -> dict[str, Any]:
    with suppress(NoResponse, ValueError):
        reply = server.ask("GET", "/execution-parameters", None, {}, _TIMEOUT_S)
        said = json.loads(reply.body) if reply.is_success else None
        if isinstance(said, dict):
            return said
    return {}


def _number(said: Any, default: int) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) and said >= 0 else default
