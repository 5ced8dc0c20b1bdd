"""Models, endpoint configs, endpoints and transform jobs as the API returns them, with AWS's members."""

from collections.abc import Iterable, Mapping
from typing import Any

from local_sagemaker.sagemaker.hosting.resources.records import (
    CREATING,
    SERVING,
    UPDATING,
    Endpoint,
    EndpointConfig,
    Model,
    TransformJob,
)
from local_sagemaker.sagemaker.protocol.members import present, without_tags


def model(found: Model) -> dict[str, Any]:
    """DescribeModel's response."""
    return {**without_tags(found.request), "ModelArn": found.arn, "CreationTime": found.created_at}


def model_row(found: Model) -> dict[str, Any]:
    """A row of ListModels."""
    return {"ModelName": found.name, "ModelArn": found.arn, "CreationTime": found.created_at}


def config(found: EndpointConfig) -> dict[str, Any]:
    """DescribeEndpointConfig's response; the default weight is 1."""
    shown = [{"InitialVariantWeight": 1.0, **variant} for variant in found.request["ProductionVariants"]]
    more = {"ProductionVariants": shown, "EndpointConfigArn": found.arn, "CreationTime": found.created_at}
    return {**without_tags(found.request), **more}


def config_row(found: EndpointConfig) -> dict[str, Any]:
    """A row of ListEndpointConfigs."""
    named = {"EndpointConfigName": found.name, "EndpointConfigArn": found.arn}
    return {**named, "CreationTime": found.created_at}


def endpoint(found: Endpoint) -> dict[str, Any]:
    """DescribeEndpoint's response; variants are included once they serve."""
    pending = found.pending
    summary = pending and {
        "EndpointConfigName": pending["EndpointConfigName"],
        "ProductionVariants": variants(pending["Variants"], are_current=False),
        "StartTime": pending["StartTime"],
    }
    return present(
        **endpoint_row(found),
        EndpointConfigName=found.config_name,
        ProductionVariants=variants(found.variants) if found.status in SERVING else None,
        FailureReason=found.failure,
        PendingDeploymentSummary=summary if found.status in (CREATING, UPDATING) else None,
    )


def endpoint_row(found: Endpoint) -> dict[str, Any]:
    """A row of ListEndpoints."""
    return {
        "EndpointName": found.name,
        "EndpointArn": found.arn,
        "CreationTime": found.created_at,
        "LastModifiedTime": found.modified_at,
        "EndpointStatus": found.status,
    }


def variants(found: Iterable[Mapping[str, Any]], *, are_current: bool = True) -> list[dict[str, Any]]:
    """Production variants with their desired weights and instances and, if they serve, the current ones."""
    return [
        {
            "VariantName": one["VariantName"],
            "DeployedImages": [{"SpecifiedImage": one["Container"]["Image"]}],
            **({"CurrentWeight": one["CurrentWeight"]} if are_current else {}),
            "DesiredWeight": one["CurrentWeight"],
            **({"CurrentInstanceCount": one["CurrentInstanceCount"]} if are_current else {}),
            **_desired_capacity(one, are_current=are_current),
        }
        for one in found
    ]


def _desired_capacity(variant: Mapping[str, Any], *, are_current: bool) -> dict[str, Any]:
    """The capacity of a variant. AWS was observed to show a serverless variant in service with a CurrentInstanceCount
    of 0 and a CurrentServerlessConfig, without desired values."""
    if "ServerlessConfig" not in variant:
        return {"DesiredInstanceCount": variant["CurrentInstanceCount"]}
    return {"CurrentServerlessConfig" if are_current else "DesiredServerlessConfig": variant["ServerlessConfig"]}


def transform_job(found: TransformJob) -> dict[str, Any]:
    """DescribeTransformJob's response."""
    more = present(
        TransformJobArn=found.arn,
        TransformJobStatus=found.status,
        FailureReason=found.failure,
        CreationTime=found.created_at,
        TransformStartTime=found.started_at,
        TransformEndTime=found.ended_at,
    )
    return {**without_tags(found.request), **more}


def transform_job_row(found: TransformJob) -> dict[str, Any]:
    """A row of ListTransformJobs."""
    return present(
        TransformJobName=found.name,
        TransformJobArn=found.arn,
        CreationTime=found.created_at,
        TransformEndTime=found.ended_at,
        LastModifiedTime=found.modified_at,
        TransformJobStatus=found.status,
        FailureReason=found.failure,
    )
