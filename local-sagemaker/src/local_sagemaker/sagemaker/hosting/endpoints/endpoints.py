"""The operations on endpoints; `Rollouts` does the long-running work."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.hosting.endpoints.config_rules import check_deployment
from local_sagemaker.sagemaker.hosting.endpoints.endpoint_rules import (
    check_can_be_deleted,
    check_can_be_updated,
    check_variants,
    retained,
)
from local_sagemaker.sagemaker.hosting.endpoints.rollouts import Rollouts
from local_sagemaker.sagemaker.hosting.resources import views
from local_sagemaker.sagemaker.hosting.resources.records import Endpoint
from local_sagemaker.sagemaker.hosting.resources.store import HostingStore
from local_sagemaker.sagemaker.hosting.serverless import rules as serverless
from local_sagemaker.sagemaker.jobs import tags
from local_sagemaker.sagemaker.jobs.listing import Listing

Answer = dict[str, Any]
LISTING = Listing("Endpoint", "Endpoints", order="Descending")


@dataclass
class Endpoints:
    """Each call checks and records the desired state, and returns; DescribeEndpoint's status reports the progress."""

    store: HostingStore
    rollouts: Rollouts

    @property
    def answers(self) -> dict[str, Callable[[dict[str, Any]], Answer]]:
        """The operations by name."""
        return {
            "CreateEndpoint": self._create,
            "DescribeEndpoint": self._describe,
            "ListEndpoints": self._list,
            "UpdateEndpoint": self._update,
            "UpdateEndpointWeightsAndCapacities": self._reweigh,
            "DeleteEndpoint": self._delete,
        }

    def _create(self, request: dict[str, Any]) -> Answer:
        check_deployment(request)
        name, now = request["EndpointName"], time.time()
        pending = self._pending(request["EndpointConfigName"])
        arn = self.store.endpoints.arn(name)
        endpoint = Endpoint(
            name, arn, pending["EndpointConfigName"], [], tags.given(request), now, now, pending=pending
        )
        self.store.endpoints.add(endpoint)
        self.rollouts.create(endpoint)
        return {"EndpointArn": arn}

    def _describe(self, request: dict[str, Any]) -> Answer:
        with self.store.lock:
            return views.endpoint(self.store.endpoints.get(request["EndpointName"]))

    def _list(self, request: dict[str, Any]) -> Answer:
        with self.store.lock:
            rows = [views.endpoint_row(found) for found in self.store.endpoints.all()]
        return LISTING.answer(rows, request)

    def _update(self, request: dict[str, Any]) -> Answer:
        """UpdateEndpoint: the current variants keep serving until all new ones are healthy."""
        check_deployment(request)
        with self.store.lock:
            endpoint = self.store.endpoints.get(request["EndpointName"])
            check_can_be_updated(endpoint)
            pending = self._pending(request["EndpointConfigName"])
            serverless.check_conversion(endpoint.variants, pending["Variants"])
            endpoint.pending = {**pending, "Variants": retained(pending["Variants"], endpoint.variants, request)}
            self.rollouts.update(endpoint)
        return {"EndpointArn": endpoint.arn}

    def _reweigh(self, request: dict[str, Any]) -> Answer:
        """UpdateEndpointWeightsAndCapacities: the instance count is recorded, but stays one process."""
        changes = request["DesiredWeightsAndCapacities"]
        with self.store.lock:
            endpoint = self.store.endpoints.get(request["EndpointName"])
            check_can_be_updated(endpoint)
            check_variants(endpoint, changes)
            self.rollouts.reweigh(endpoint, {change["VariantName"]: change for change in changes})
        return {"EndpointArn": endpoint.arn}

    def _delete(self, request: dict[str, Any]) -> Answer:
        with self.store.lock:
            endpoint = self.store.endpoints.get(request["EndpointName"])
            check_can_be_deleted(endpoint)
            self.rollouts.delete(endpoint)
        return {}

    def _pending(self, config_name: str) -> dict[str, Any]:
        """The variants to deploy, with the current models."""
        config = self.store.configs.get(config_name)
        variants = [self._variant(asked) for asked in config.request["ProductionVariants"]]
        return {"EndpointConfigName": config.name, "Variants": variants, "StartTime": time.time()}

    def _variant(self, asked: dict[str, Any]) -> dict[str, Any]:
        optional = ("ContainerStartupHealthCheckTimeoutInSeconds", "ServerlessConfig")
        return {
            "VariantName": asked["VariantName"],
            "Container": self.store.models.get(asked["ModelName"]).container,
            "CurrentWeight": asked.get("InitialVariantWeight", 1.0),
            "CurrentInstanceCount": asked.get("InitialInstanceCount", 0),
            **{member: asked[member] for member in optional if member in asked},
        }
