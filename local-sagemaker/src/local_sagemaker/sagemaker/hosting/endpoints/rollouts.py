"""Changes endpoints in the background, and sets their statuses.

After a failed update, the previous variants stay in service, with the FailureReason: by default, AWS's updates are
blue/green deployments that roll back (deployment-guardrails-blue-green). After a restart, an endpoint that was in
service is SystemUpdating until it serves again.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from local_sagemaker.sagemaker.hosting.endpoints.fleet import Fleet
from local_sagemaker.sagemaker.hosting.resources.events import endpoint_event
from local_sagemaker.sagemaker.hosting.resources.records import (
    CREATING,
    DELETING,
    IN_SERVICE,
    ROLLING_BACK,
    SYSTEM_UPDATING,
    UPDATING,
    Endpoint,
)
from local_sagemaker.sagemaker.hosting.resources.store import HostingStore
from local_sagemaker.sagemaker.hosting.serverless.rules import changed
from local_sagemaker.sagemaker.hosting.serving.deployment import NotDeployed
from local_sagemaker.sagemaker.jobs.failures import internal_error
from local_sagemaker.sagemaker.jobs.statuses import FAILED
from local_sagemaker.sagemaker.jobs.threads import Threads


class Rollouts:
    """One thread for each change, until `stop`."""

    def __init__(self, store: HostingStore, fleet: Fleet, emit: Callable[[dict[str, Any]], None]):
        self._store = store
        self._fleet = fleet
        self._emit = emit
        self._is_stopping = False
        self._threads = Threads()

    def create(self, endpoint: Endpoint) -> None:
        self._begin(endpoint, CREATING, self._create)

    def update(self, endpoint: Endpoint) -> None:
        """Deploy the endpoint's pending config."""
        self._begin(endpoint, UPDATING, self._update)

    def reweigh(self, endpoint: Endpoint, changes: Mapping[str, Mapping[str, Any]]) -> None:
        self._begin(endpoint, UPDATING, lambda found: self._reweigh(found, changes))

    def delete(self, endpoint: Endpoint) -> None:
        self._begin(endpoint, DELETING, self._delete)

    def resume(self) -> None:
        """Resume the work of an earlier local AWS on every endpoint."""
        for endpoint in self._store.endpoints.all():
            if endpoint.status == CREATING:
                self.create(endpoint)
            elif endpoint.status == DELETING:
                self.delete(endpoint)
            elif endpoint.status != FAILED:
                self._begin(endpoint, SYSTEM_UPDATING, self._serve_again)

    def stop(self) -> None:
        """Leave changes in progress in their current state; call it before the fleet's `stop`."""
        self._is_stopping = True

    def join(self, within_s: float) -> None:
        self._threads.join(within_s)

    def _begin(self, endpoint: Endpoint, status: str, work: Callable[[Endpoint], None]) -> None:
        self._move_to(endpoint, status, endpoint.failure)
        self._threads.start(endpoint.name, self._do, endpoint, work)

    def _do(self, endpoint: Endpoint, work: Callable[[Endpoint], None]) -> None:
        try:
            work(endpoint)
        except NotDeployed as e:
            self._move_to(endpoint, FAILED, str(e))
        except Exception as e:  # noqa: BLE001 - the edge of a thread: otherwise the endpoint would stay in progress forever
            self._move_to(endpoint, FAILED, internal_error(e, f"endpoint {endpoint.name}"))

    def _create(self, endpoint: Endpoint) -> None:
        self._deploy_pending(endpoint)
        self._move_to(endpoint, IN_SERVICE)

    def _update(self, endpoint: Endpoint) -> None:
        failure = None
        try:
            self._deploy_pending(endpoint)
        except NotDeployed as e:
            failure = str(e)
            self._move_to(endpoint, ROLLING_BACK, failure)
        self._move_to(endpoint, IN_SERVICE, failure)

    def _deploy_pending(self, endpoint: Endpoint) -> None:
        pending = endpoint.pending
        assert pending is not None, "an endpoint that is being deployed has a pending config"
        self._fleet.deploy(endpoint.name, pending["Variants"])
        with self._store.changing(endpoint):
            endpoint.variants, endpoint.config_name = pending["Variants"], pending["EndpointConfigName"]
            endpoint.pending = None

    def _serve_again(self, endpoint: Endpoint) -> None:
        """Deploy the previous variants again, and then resume the interrupted change, if there was one."""
        self._fleet.deploy(endpoint.name, endpoint.variants)
        if endpoint.pending is None:
            self._move_to(endpoint, IN_SERVICE, endpoint.failure)
        else:
            self._move_to(endpoint, UPDATING)
            self._update(endpoint)

    def _reweigh(self, endpoint: Endpoint, changes: Mapping[str, Mapping[str, Any]]) -> None:
        members = {"DesiredWeight": "CurrentWeight", "DesiredInstanceCount": "CurrentInstanceCount"}
        with self._store.changing(endpoint):
            endpoint.variants = [
                {
                    **old,
                    **{new: change[asked] for asked, new in members.items() if asked in change},
                    **_capacity(old, change),
                }
                for old in endpoint.variants
                for change in [changes.get(old["VariantName"], {})]
            ]
        self._fleet.reweigh(endpoint.name, {one["VariantName"]: one["CurrentWeight"] for one in endpoint.variants})
        self._fleet.reconfigure(
            endpoint.name,
            {v["VariantName"]: v["ServerlessConfig"] for v in endpoint.variants if "ServerlessConfig" in v},
        )
        self._move_to(endpoint, IN_SERVICE)

    def _delete(self, endpoint: Endpoint) -> None:
        self._fleet.end(endpoint.name)
        self._store.endpoints.remove(endpoint.name)

    def _move_to(self, endpoint: Endpoint, status: str, failure: str | None = None) -> None:
        """Set the status; for InService, also clear the pending config."""
        if self._is_stopping:
            return
        with self._store.changing(endpoint):
            endpoint.status, endpoint.failure = status, failure and failure[:1024]
            endpoint.modified_at = time.time()
            if status == IN_SERVICE:
                endpoint.pending = None
            self._emit(endpoint_event(endpoint))


def _capacity(variant: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The serverless config of a variant after the change, if it has one."""
    config = variant.get("ServerlessConfig")
    return {} if config is None else {"ServerlessConfig": changed(config, change)}
