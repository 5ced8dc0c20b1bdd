"""Hosting's state-change events in their documented shape.

docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html: an endpoint's status is in capitals
(IN_SERVICE), unlike DescribeEndpoint's. Times are epoch milliseconds, as in the endpoint's sample and in captured
events; the transform job's sample has ISO times.
"""

import re
from typing import Any

from local_sagemaker.sagemaker.hosting.resources import views
from local_sagemaker.sagemaker.hosting.resources.records import Endpoint, Model, TransformJob
from local_sagemaker.sagemaker.jobs.events import milliseconds, state_change

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
        "CreationTime": milliseconds(endpoint.created_at),
        "LastModifiedTime": milliseconds(endpoint.modified_at),
        "Tags": dict(endpoint.tags),
    }
    return state_change("SageMaker Endpoint State Change", endpoint.arn, detail)


def transform_job_event(job: TransformJob) -> dict[str, Any]:
    """The event for the transform job's current status."""
    detail = {
        "TransformJobName": job.name,
        "TransformJobArn": job.arn,
        "TransformJobStatus": job.status,
        "FailureReason": job.failure,
        **{name: job.request[name] for name in _PARTS if name in job.request},
        "CreationTime": milliseconds(job.created_at),
        "TransformStartTime": milliseconds(job.started_at),
        "TransformEndTime": milliseconds(job.ended_at),
        "Tags": dict(job.tags),
    }
    return state_change("SageMaker Transform Job State Change", job.arn, detail)


def model_event(model: Model) -> dict[str, Any]:
    """A model was created or deleted. No detail is documented, so the event only names the model."""
    return state_change("SageMaker Model State Change", model.arn, {"ModelName": model.name, "ModelArn": model.arn})


def in_capitals(status: str) -> str:
    """InService → IN_SERVICE."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", status).upper()
