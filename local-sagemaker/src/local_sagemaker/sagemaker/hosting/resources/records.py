"""Hosting's records: plain values that can be stored and restored."""

from dataclasses import dataclass, field
from typing import Any

from local_sagemaker.sagemaker.jobs.statuses import IN_PROGRESS, has_ended

CREATING, UPDATING, DELETING = "Creating", "Updating", "Deleting"
IN_SERVICE, ROLLING_BACK, SYSTEM_UPDATING = "InService", "RollingBack", "SystemUpdating"
IS_ISOLATED = "EnableNetworkIsolation"
"""A member of a record's `container` that comes from the model, not from the ContainerDefinition."""
SERVING = (IN_SERVICE, UPDATING, ROLLING_BACK)
"""The statuses of an endpoint that answers invocations."""


@dataclass
class Model:
    """`container` is the serving one: the request's, or that of the request's model package."""

    name: str
    arn: str
    request: dict[str, Any]
    container: dict[str, Any]
    tags: dict[str, str]
    created_at: float


@dataclass
class EndpointConfig:
    """An endpoint config consists of its request."""

    name: str
    arn: str
    request: dict[str, Any]
    tags: dict[str, str]
    created_at: float


@dataclass
class Endpoint:
    """`variants` are the deployed ones: name, weight, instances, and the container at the time of the deployment, since
    a model may be deleted while it serves. `pending` is the endpoint config that is being deployed."""

    name: str
    arn: str
    config_name: str
    variants: list[dict[str, Any]]
    tags: dict[str, str]
    created_at: float
    modified_at: float
    status: str = CREATING
    failure: str | None = None
    pending: dict[str, Any] | None = None


@dataclass
class TransformJob:
    """Times are epoch seconds; `container` is the model's at the time of the job's creation."""

    name: str
    arn: str
    request: dict[str, Any]
    container: dict[str, Any]
    created_at: float
    modified_at: float
    tags: dict[str, str] = field(default_factory=dict)
    status: str = IN_PROGRESS
    failure: str | None = None
    started_at: float | None = None
    ended_at: float | None = None

    @property
    def has_ended(self) -> bool:
        return has_ended(self.status)
