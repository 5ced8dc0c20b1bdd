"""From a container definition to a server that answers: folder, model, variables, program."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localaws.sagemaker.hosting import artifact
from localaws.sagemaker.hosting.guard import Guard
from localaws.sagemaker.hosting.ports import Ports
from localaws.sagemaker.hosting.server import Container, NotHealthy, Server


class NotDeployed(Exception):
    """A container does not serve; the message becomes the FailureReason."""


@dataclass
class Deployer:
    """Makes servers. `program_of` gives the program behind an image, or None; a container has `healthy_within_s` to
    start if its request does not say."""

    s3: Any
    program_of: Callable[[str], Path | None]
    ports: Ports
    guard: Guard
    healthy_within_s: float

    def prepare(self, container: Mapping[str, Any], folder: Path, more: Mapping[str, str]) -> Server:
        """A server that has not started yet, in an empty folder with its model. `more` are variables that win over the
        container's own. Raises: NotDeployed."""
        program = self.program_of(container["Image"])
        if program is None:
            raise NotDeployed(f"No program stands for the image {container['Image']} in this local AWS.")
        shutil.rmtree(folder, ignore_errors=True)
        model = folder / "opt" / "ml" / "model"
        model.mkdir(parents=True)
        uri = artifact.uri_of(container)
        try:
            if uri:
                artifact.unpack(self.s3, uri, model)
        except artifact.ArtifactFault as e:
            raise NotDeployed(str(e)) from e
        variables = {**container.get("Environment", {}), **more}
        return Server(Container(program, folder, variables), self.ports, self.guard)

    def start(self, server: Server, within_s: float | None, whose: str) -> None:
        """Raises: NotDeployed: in AWS's words for `whose` container it is."""
        try:
            server.start(self.healthy_within_s if within_s is None else within_s)
        except NotHealthy as e:
            raise NotDeployed(f"{whose} did not pass the ping health check. {e}.") from e
