"""Builds the command of a processing job: SageMaker's `docker run <image>`, for a folder's program or an engine.

docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html: ContainerEntrypoint replaces the
image's ENTRYPOINT and CMD, ContainerArguments its CMD; to stop the job, SIGINT, and SIGKILL later.
"""

import os
import secrets
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.container import folder as container
from local_sagemaker.sagemaker.container.engine import ContainerSignals
from local_sagemaker.sagemaker.container.folder import INSIDE
from local_sagemaker.sagemaker.container.images import ContainerImage, Program
from local_sagemaker.sagemaker.container.process import Command, GroupSignals
from local_sagemaker.sagemaker.processing.folder import ProcessingFolder
from local_sagemaker.sagemaker.processing.records import ProcessingJob

STOP_SIGNAL = signal.SIGINT
_VERB = "process"
"""A folder without an `entrypoint` may have a program of this name for processing jobs."""


@dataclass(frozen=True)
class ProcessingLaunch:
    """The launch of one job. Its program reaches the local AWS by `client_variables`, if it may."""

    job: ProcessingJob
    folder: ProcessingFolder
    client_variables: Mapping[str, str]

    def command(self, image: Program | ContainerImage) -> Command:
        """Raises: DataFault: the image cannot be run as requested."""
        return self._program(image) if isinstance(image, Program) else self._container(image)

    def _program(self, program: Program) -> Command:
        variables = {**container.of_this_machine(self.folder), **self._variables}
        entrypoint = self._entrypoint or program.words(_VERB)[:1]
        first, *rest = (self.folder.here(word) for word in (*entrypoint, *self._arguments))
        where = program.folder if self._entrypoint else self.folder.path
        return Command((program.executable(first), *rest), where, variables, GroupSignals(STOP_SIGNAL))

    def _container(self, image: ContainerImage) -> Command:
        name = f"{self.job.name}-{secrets.token_hex(4)}"
        words = image.engine.words(
            image.name,
            name,
            self._variables,
            {str(INSIDE): self.folder.ml},
            entrypoint=self._entrypoint,
            arguments=self._arguments,
            is_isolated=self._is_isolated,
            stop_signal=STOP_SIGNAL.name,
        )
        return Command(words, self.folder.path, os.environ, ContainerSignals(image.engine, name))

    @property
    def _variables(self) -> dict[str, str]:
        client_variables = {} if self._is_isolated else self.client_variables
        return {**client_variables, **self.job.request.get("Environment", {})}

    @property
    def _app(self) -> dict[str, Any]:
        return dict(self.job.request["AppSpecification"])

    @property
    def _entrypoint(self) -> tuple[str, ...]:
        return tuple(self._app.get("ContainerEntrypoint", ()))

    @property
    def _arguments(self) -> tuple[str, ...]:
        return tuple(self._app.get("ContainerArguments", ()))

    @property
    def _is_isolated(self) -> bool:
        return bool(self.job.request.get("NetworkConfig", {}).get("EnableNetworkIsolation"))
