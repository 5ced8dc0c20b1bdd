"""The operations on endpoint configs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.hosting.endpoints.config_rules import check_config
from local_sagemaker.sagemaker.hosting.resources import views
from local_sagemaker.sagemaker.hosting.resources.records import EndpointConfig
from local_sagemaker.sagemaker.hosting.resources.store import HostingStore
from local_sagemaker.sagemaker.hosting.serverless import rules as serverless
from local_sagemaker.sagemaker.jobs import tags
from local_sagemaker.sagemaker.jobs.listing import Listing

Answer = dict[str, Any]
LISTING = Listing("EndpointConfig", "EndpointConfigs", order="Descending")


@dataclass
class EndpointConfigs:
    """A config can always be deleted: an endpoint that was created from it does not need it any more."""

    store: HostingStore

    @property
    def answers(self) -> dict[str, Callable[[dict[str, Any]], Answer]]:
        """The operations by name."""
        return {
            "CreateEndpointConfig": self._create,
            "DescribeEndpointConfig": self._describe,
            "ListEndpointConfigs": self._list,
            "DeleteEndpointConfig": self._delete,
        }

    def _create(self, request: dict[str, Any]) -> Answer:
        check_config(request)
        for variant in request["ProductionVariants"]:
            serverless.check_model(variant, self.store.models.get(variant["ModelName"]).request)
        name = request["EndpointConfigName"]
        arn = self.store.configs.arn(name)
        self.store.configs.add(EndpointConfig(name, arn, request, tags.given(request), time.time()))
        return {"EndpointConfigArn": arn}

    def _describe(self, request: dict[str, Any]) -> Answer:
        return views.config(self.store.configs.get(request["EndpointConfigName"]))

    def _list(self, request: dict[str, Any]) -> Answer:
        rows = map(views.config_row, self.store.configs.all())
        return LISTING.answer(rows, request)

    def _delete(self, request: dict[str, Any]) -> Answer:
        self.store.configs.remove(request["EndpointConfigName"])
        return {}
