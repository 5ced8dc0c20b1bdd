"""The servers behind the endpoints, and the choice of one for each invocation.

Each production variant is at most one process, regardless of its number of instances or its concurrency.
"""

import random
import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from local_sagemaker.sagemaker.hosting.serverless.on_demand import HEALTHY_WITHIN_S, OnDemandServer
from local_sagemaker.sagemaker.hosting.serving.deployment import Deployer, NotDeployed
from local_sagemaker.sagemaker.hosting.serving.logs import ENDPOINTS, ContainerLog
from local_sagemaker.sagemaker.hosting.serving.server import GRACE_S, Server

ANSWERS_WITHIN_S = 60.0
IDLE_AFTER_S = 300.0
"""AWS does not document how long it keeps an idle serverless container."""


@dataclass(frozen=True)
class Variant:
    """A serving production variant."""

    name: str
    weight: float
    server: Server | OnDemandServer


class Fleet:
    """Deploys variants, chooses among them, and ends them. `seed` makes the choices reproducible; the container of a
    serverless variant ends after `idle_after_s` without requests."""

    def __init__(self, deployer: Deployer, home: Path, seed: int | None = None, idle_after_s: float = IDLE_AFTER_S):
        self._idle_after_s = idle_after_s
        self._deployer = deployer
        self._home = home
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._deployed: dict[str, tuple[Variant, ...]] = {}
        self._starting: set[Server | OnDemandServer] = set()
        self._is_stopped = False

    def deploy(self, endpoint: str, variants: Sequence[Mapping[str, Any]]) -> None:
        """Deploy variants, and return once all of them are healthy and receive the traffic; then end the previous ones.

        Raises: NotDeployed: the previous ones keep serving."""
        made: list[Variant] = []
        try:
            for asked in variants:
                made.append(self._start(endpoint, asked))
        except NotDeployed:
            _end([variant.server for variant in made], GRACE_S)
            raise
        with self._lock:
            self._starting -= {variant.server for variant in made}
            before, self._deployed[endpoint] = self._deployed.get(endpoint, ()), tuple(made)
        _end([variant.server for variant in before], GRACE_S, ANSWERS_WITHIN_S)

    def reweigh(self, endpoint: str, weights: Mapping[str, float]) -> None:
        """Set new weights."""
        with self._lock:
            found = self._deployed.get(endpoint, ())
            self._deployed[endpoint] = tuple(replace(v, weight=weights[v.name]) for v in found)

    def reconfigure(self, endpoint: str, configs: Mapping[str, Mapping[str, Any]]) -> None:
        """Set new serverless configs. Raises: NotDeployed: a container whose concurrency is now provisioned does not
        start."""
        with self._lock:
            found = self._deployed.get(endpoint, ())
        for variant in found:
            if isinstance(variant.server, OnDemandServer):
                variant.server.reconfigure(configs[variant.name])

    def choose(self, endpoint: str, variant: str | None) -> Variant | None:
        """The variant of that name, or a random one by weight; if all weights are 0, they count as equal."""
        with self._lock:
            found = self._deployed.get(endpoint, ())
            if variant is not None:
                return next((one for one in found if one.name == variant), None)
            if not found:
                return None
            weights = [one.weight for one in found]
            return self._random.choices(found, weights if sum(weights) > 0 else None)[0]

    def end(self, endpoint: str) -> None:
        """End the endpoint's servers, if there are any."""
        with self._lock:
            before = self._deployed.pop(endpoint, ())
        _end([variant.server for variant in before], GRACE_S, ANSWERS_WITHIN_S)

    def clear(self) -> None:
        """Delete the models, but not the logs, that an earlier process left behind. Call it before anything serves."""
        for left in self._home.glob("*/*/*/opt"):
            shutil.rmtree(left, ignore_errors=True)

    def stop(self, grace_s: float) -> None:
        """End all servers in parallel, also those that are starting, and start no more."""
        with self._lock:
            self._is_stopped = True
            servers = [v.server for variants in self._deployed.values() for v in variants] + list(self._starting)
            self._deployed.clear()
        _end(servers, grace_s)

    def _start(self, endpoint: str, asked: Mapping[str, Any]) -> Variant:
        name = asked["VariantName"]
        log = ContainerLog(f"{ENDPOINTS}/{endpoint}", name)
        prepared = self._deployer.prepare(asked["Container"], self._folder(endpoint, name), {}, log)
        whose = f"The primary container for production variant {name}"
        server = (
            self._on_demand(prepared, asked["ServerlessConfig"], whose) if "ServerlessConfig" in asked else prepared
        )
        with self._lock:
            if self._is_stopped:
                raise NotDeployed("The local AWS is stopping.")
            self._starting.add(server)
        if isinstance(server, OnDemandServer):
            server.check_start()
        else:
            self._deployer.start(server, asked.get("ContainerStartupHealthCheckTimeoutInSeconds"), whose)
        return Variant(name, asked["CurrentWeight"], server)

    def _on_demand(self, prepared: Server, config: Mapping[str, Any], whose: str) -> OnDemandServer:
        within_s = min(HEALTHY_WITHIN_S, self._deployer.healthy_within_s)

        def start(server: Server) -> None:
            self._deployer.start(server, within_s, whose)

        return OnDemandServer(
            prepared.container, lambda: self._deployer.another(prepared), start, config, self._idle_after_s
        )

    def _folder(self, endpoint: str, variant: str) -> Path:
        """A new folder, since the variant's predecessor may still serve from its own."""
        base = self._home / endpoint / variant
        base.mkdir(parents=True, exist_ok=True)
        return base / str(1 + max((int(found.name) for found in base.iterdir()), default=0))


def _end(servers: Sequence[Server | OnDemandServer], grace_s: float, answers_within_s: float = 0.0) -> None:
    """End all servers in parallel, and delete their folders except for the logs."""

    def end(server: Server | OnDemandServer) -> None:
        server.end(grace_s, answers_within_s)
        shutil.rmtree(server.container.folder / "opt", ignore_errors=True)

    threads = [threading.Thread(target=end, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
