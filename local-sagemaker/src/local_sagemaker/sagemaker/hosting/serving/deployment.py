"""Deploys a container definition as a server: folder, model, variables, program."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_sagemaker.sagemaker.container.folder import client_variables
from local_sagemaker.sagemaker.container.images import Images
from local_sagemaker.sagemaker.container.logs import PutLog
from local_sagemaker.sagemaker.container.storage import DataFault
from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.hosting.resources.records import IS_ISOLATED
from local_sagemaker.sagemaker.hosting.serving import artifact
from local_sagemaker.sagemaker.hosting.serving.logs import ContainerLog
from local_sagemaker.sagemaker.hosting.serving.ports import Ports
from local_sagemaker.sagemaker.hosting.serving.server import Container, NotHealthy, Server


class NotDeployed(Exception):
    """A container does not serve; the message becomes the FailureReason."""


@dataclass
class Deployer:
    """Creates servers. A container has `healthy_within_s` to start unless its request specifies a time; `put_log`
    writes its output to CloudWatch Logs."""

    s3: Any
    images: Images
    ports: Ports
    watchdog: Watchdog
    healthy_within_s: float
    put_log: PutLog

    def prepare(self, container: Mapping[str, Any], folder: Path, more: Mapping[str, str], log: ContainerLog) -> Server:
        """Create a server that has not started yet, in an empty folder with its model. The variables `more` override
        the container's own. Raises: NotDeployed."""
        try:
            image = self.images.find(container["Image"])
            shutil.rmtree(folder, ignore_errors=True)
            model = folder / "opt" / "ml" / "model"
            model.mkdir(parents=True)
            uri = artifact.uri_of(container)
            if uri:
                artifact.unpack(self.s3, uri, model)
        except (DataFault, artifact.ArtifactFault) as e:
            raise NotDeployed(str(e)) from e
        variables = {**self._client_variables(container), **container.get("Environment", {}), **more}
        return Server(Container(image, folder, variables, log.writer(self.put_log)), self.ports, self.watchdog)

    def _client_variables(self, container: Mapping[str, Any]) -> dict[str, str]:
        """Variables that lead clients to the local AWS, unless the model is isolated from the network."""
        return {} if container.get(IS_ISOLATED) else client_variables(self.s3)

    def another(self, server: Server) -> Server:
        """A server that has not started yet, for the same folder, model, variables and program."""
        return Server(server.container, self.ports, self.watchdog)

    def start(self, server: Server, within_s: float | None, whose: str) -> None:
        """Start the server. Raises: NotDeployed, with AWS's message; `whose` names the container in it."""
        try:
            server.start(self.healthy_within_s if within_s is None else within_s)
        except NotHealthy as e:
            raise NotDeployed(f"{whose} did not pass the ping health check. {e}.") from e
