"""Hosting's state-change events in their documented shape.

docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html: an endpoint's status is in capitals
(IN_SERVICE), unlike DescribeEndpoint's. Times are epoch milliseconds, as in the endpoint's sample and in captured
events; the transform job's sample has ISO times.
"""

import re
from typing import Any

from local_sagemaker.sagemaker.hosting.resources import views
from local_sagemaker.sagemaker.hosting.resources.records import Endpoint, Model, TransformJob

_PARTS = (
    "ModelName", "MaxConcurrentTransforms", "MaxPayloadInMB", "BatchStrategy", "Environment", "TransformInput",
    "TransformOutput", "TransformResources",
)  # fmt: skip


def endpoint_event(endpoint: Endpoint) -> dict[str, Any]:
    """The event for the endpoint's current status."""
    detail = {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "EndpointConfigName": endpoint.config_name,
        "ProductionVariants": views.variants(endpoint.variants),
        "EndpointStatus": in_capitals(endpoint.status),
        "CreationTime": _milliseconds(endpoint.created_at),
        "LastModifiedTime": _milliseconds(endpoint.modified_at),
        "Tags": dict(endpoint.tags),
    }
    return _event("SageMaker Endpoint State Change", endpoint.arn, detail)


def transform_job_event(job: TransformJob) -> dict[str, Any]:
    """The event for the transform job's current status."""
    detail = {
        "TransformJobName": job.name,
        "TransformJobArn": job.arn,
        "TransformJobStatus": job.status,
        "FailureReason": job.failure,
        **{name: job.request[name] for name in _PARTS if name in job.request},
        "CreationTime": _milliseconds(job.created_at),
        "TransformStartTime": _milliseconds(job.started_at),
        "TransformEndTime": _milliseconds(job.ended_at),
        "Tags": dict(job.tags),
    }
    return _event("SageMaker Transform Job State Change", job.arn, detail)


def model_event(model: Model) -> dict[str, Any]:
    """A model was created or deleted. No detail is documented, so the event only names the model."""
    return _event("SageMaker Model State Change", model.arn, {"ModelName": model.name, "ModelArn": model.arn})


def in_capitals(status: str) -> str:
    """InService → IN_SERVICE."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", status).upper()


def _event(detail_type: str, arn: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"source": "aws.sagemaker", "detail-type": detail_type, "resources": [arn], "detail": detail}


def _milliseconds(epoch_s: float | None) -> int | None:
    return None if epoch_s is None else round(epoch_s * 1000)
