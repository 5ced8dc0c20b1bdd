"""Lambda.

moto runs functions in Docker or echoes their payload, synchronously, and drops DeadLetterConfig and
LoggingConfig.
Ours run in `local_sagemaker/lambdas/`; moto's own services (S3, SNS) invoke them asynchronously, as on AWS.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.awslambda.exceptions import LambdaClientError, UnknownFunctionException
from moto.awslambda.models import LambdaFunction, lambda_backends

from local_sagemaker.lambdas.polling import EventSourceMapping
from local_sagemaker.lambdas.values import Function, Outcome
from local_sagemaker.moto_seams.common.patches import Patches


def install(
    patches: Patches, invoke: Callable[[Function, bytes], Outcome], submit: Callable[[str, bytes], None]
) -> None:
    """Run functions with `invoke`, which waits, and `submit`, which queues an event and returns immediately."""

    def run(function: Any, body: Any, request_headers: Any, response_headers: dict[str, str]) -> bytes:
        payload = body.encode() if isinstance(body, str) else (body or b"{}")
        _must_be_json(payload)
        kind = request_headers.get("X-Amz-Invocation-Type", "RequestResponse") if request_headers else "Event"
        if kind == "Event":
            submit(function.function_arn, payload)
        if kind != "RequestResponse":  # or DryRun
            return b""
        outcome = invoke(_function(function), payload)
        response_headers["X-Amz-Executed-Version"] = str(function.version)
        if outcome.is_error:
            response_headers["x-amz-function-error"] = "Unhandled"
        return outcome.payload

    patches.replace(LambdaFunction, "invoke", lambda _: run)
    patches.replace(LambdaFunction, "__init__", _with_what_is_forgotten)
    patches.replace(LambdaFunction, "create_from_cloudformation_json", _with_what_the_template_says)
    patches.replace(LambdaFunction, "get_configuration", _telling_where_it_logs)


def find(arn: str) -> Function | None:
    """The current function of that ARN; None if there is none."""
    _, _, _, region, account, *_ = arn.split(":")
    try:
        return _function(lambda_backends[account][region].get_function(arn))
    except UnknownFunctionException:
        return None


def mappings(account: str, region: str) -> list[EventSourceMapping]:
    """The event source mappings of SQS queues that are enabled now."""
    known = list(lambda_backends[account][region]._event_source_mappings.values())
    return [_mapping(m) for m in known if m.enabled and ":sqs:" in m.event_source_arn]


def _must_be_json(payload: bytes) -> None:
    try:
        json.loads(payload)
    except ValueError as e:
        raise LambdaClientError("InvalidRequestContentException", f"Could not parse request body into json: {e}") from e


def _mapping(mapping: Any) -> EventSourceMapping:
    maximum = (mapping.scaling_config or {}).get("MaximumConcurrency")
    return EventSourceMapping(
        uuid=mapping.uuid,
        function_arn=mapping.function_arn,
        queue_arn=mapping.event_source_arn,
        batch_size=int(mapping.batch_size),
        window_s=float(mapping.max_batch_window or 0),
        max_concurrency=int(maximum) if maximum else None,
        reports_item_failures="ReportBatchItemFailures" in (mapping.function_response_types or []),
    )


def _function(function: Any) -> Function:
    config = function.event_invoke_config[-1].config if function.event_invoke_config else {}
    destinations = config.get("DestinationConfig") or {}
    concurrency = function.reserved_concurrency
    return Function(
        name=function.function_name,
        arn=function.function_arn,
        handler=function.handler,
        timeout_s=float(function.timeout),
        memory_mb=int(function.memory_size),
        environment=tuple(sorted((k, str(v)) for k, v in function.environment_vars.items())),
        code_sha=function.code_sha_256,
        code=function.code_bytes,
        runtime=str(function.run_time),
        version=str(function.version),
        concurrency=int(concurrency) if concurrency else None,
        retries=int(config.get("MaximumRetryAttempts", 2)),
        on_failure_arn=(destinations.get("OnFailure") or {}).get("Destination"),
        dead_letter_arn=function.dead_letter_arn,
        own_log_group=getattr(function, "own_log_group", None),  # missing in the home of an earlier version
        role_arn=str(function.role),
    )


def _with_what_is_forgotten(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def init(function: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        original(function, account_id, spec, *args, **kwargs)
        _remember(function, spec)

    return init


def _with_what_the_template_says(original: Any) -> Any:
    @wraps(original.__func__)
    def create(cls: Any, resource_name: str, cloudformation_json: Any, *args: Any, **kwargs: Any) -> Any:
        function = original.__func__(cls, resource_name, cloudformation_json, *args, **kwargs)
        _remember(function, cloudformation_json["Properties"])
        return function

    return classmethod(create)


def _telling_where_it_logs(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    @wraps(original)
    def configuration(function: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        logging = {"LogFormat": "Text", "LogGroup": _function(function).log_group}
        return {**original(function, *args, **kwargs), "LoggingConfig": logging}

    return configuration


def _remember(function: Any, said: dict[str, Any]) -> None:
    function.dead_letter_arn = (said.get("DeadLetterConfig") or {}).get("TargetArn")
    function.own_log_group = (said.get("LoggingConfig") or {}).get("LogGroup")
