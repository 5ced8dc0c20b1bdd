"""Wires up hosting: its operations by name, the runtime service, start and stop."""

from collections.abc import Callable
from typing import Any

from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.hosting.endpoints.configs import EndpointConfigs
from local_sagemaker.sagemaker.hosting.endpoints.endpoints import Endpoints
from local_sagemaker.sagemaker.hosting.endpoints.fleet import IDLE_AFTER_S, Fleet
from local_sagemaker.sagemaker.hosting.endpoints.rollouts import Rollouts
from local_sagemaker.sagemaker.hosting.endpoints.runtime import Runtime
from local_sagemaker.sagemaker.hosting.models.models import Models
from local_sagemaker.sagemaker.hosting.resources.store import HostingStore
from local_sagemaker.sagemaker.hosting.serving.deployment import Deployer
from local_sagemaker.sagemaker.hosting.serving.ports import Ports
from local_sagemaker.sagemaker.hosting.transforms.transformer import Transformer
from local_sagemaker.sagemaker.hosting.transforms.transforms import Transforms
from local_sagemaker.sagemaker.jobs.platform import Platform

HEALTHY_WITHIN_S = 240.0
"""The time that a container may take to start, unless its variant specifies another ("How Your Container Should Respond
to Health Check (Ping) Requests": 4 minutes)."""


class Hosting:
    """`seed` makes the traffic split among production variants reproducible. A serverless endpoint's container ends
    after `idle_after_s` without requests. The next instance with the same store restores its contents."""

    def __init__(
        self,
        platform: Platform,
        *,
        seed: int | None = None,
        healthy_within_s: float = HEALTHY_WITHIN_S,
        idle_after_s: float = IDLE_AFTER_S,
    ):
        s3, home = platform.s3, platform.home
        self.store = HostingStore(platform.arns, platform.store)
        self._watchdog = Watchdog()
        deployer = Deployer(s3, platform.images, Ports(), self._watchdog, healthy_within_s, platform.put_log)
        self._fleet = Fleet(deployer, home / "endpoints", seed, idle_after_s)
        self._rollouts = Rollouts(self.store, self._fleet, platform.emit)
        self._transformer = Transformer(self.store, deployer, s3, home / "transform-jobs", platform.emit)
        self._transforms = Transforms(self.store, self._transformer)
        self.runtime = Runtime(self.store, self._fleet, platform.region, platform.account)
        self.answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            **Models(self.store, s3, platform.emit, platform.package_of).answers,
            **EndpointConfigs(self.store).answers,
            **Endpoints(self.store, self._rollouts).answers,
            **self._transforms.answers,
        }

    def resume(self) -> None:
        """Resume what an earlier local AWS did not finish: endpoints serve again, transform jobs restart."""
        self._fleet.clear()
        self._rollouts.resume()
        self._transforms.resume()

    def stop(self, grace_s: float, within_s: float) -> None:
        """End all containers without changing the state of endpoints and jobs. A second call changes nothing."""
        self._rollouts.stop()
        self._transformer.stop_all(grace_s)
        self._fleet.stop(grace_s)
        self._rollouts.join(within_s)
        self._transforms.join(within_s)
        self._watchdog.stop()
