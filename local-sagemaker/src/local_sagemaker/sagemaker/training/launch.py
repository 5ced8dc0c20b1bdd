"""Builds the training command: SageMaker's `docker run <image> train`, for a folder's program or an engine.

docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-dockerfile.html
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.container import folder as container
from local_sagemaker.sagemaker.container.checkpoints import Checkpoints
from local_sagemaker.sagemaker.container.engine import ContainerSignals
from local_sagemaker.sagemaker.container.folder import INSIDE, Folder, channels_of
from local_sagemaker.sagemaker.container.images import ContainerImage, Program
from local_sagemaker.sagemaker.container.process import Command, GroupSignals
from local_sagemaker.sagemaker.container.storage import DataFault
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob


@dataclass(frozen=True)
class Launch:
    """The launch of one job. Its program reaches the local AWS by `client_variables`, if it may."""

    job: TrainingJob
    folder: Folder
    checkpoints: Checkpoints | None
    client_variables: Mapping[str, str]

    def command(self, image: Program | ContainerImage) -> Command:
        """Raises: DataFault: the image cannot be run as requested."""
        return self._program(image) if isinstance(image, Program) else self._container(image)

    def _program(self, program: Program) -> Command:
        if self.checkpoints and not self.checkpoints.is_in_the_folder:
            text = f"CheckpointConfig.LocalPath {self.checkpoints.inside} must be below /opt/ml for a program"
            raise DataFault(f"ClientError: {text} without a container engine.")
        variables = {**container.of_this_machine(self.folder), **self._variables(self.folder.ml)}
        if not self._entrypoint:
            words = program.words("train")
            words = (words[0], *self._arguments) if self._arguments else words
            return Command(words, self.folder.path, variables, GroupSignals())
        words = tuple(self.folder.here(word) for word in (*self._entrypoint, *self._arguments))
        return Command((program.executable(words[0]), *words[1:]), program.folder, variables, GroupSignals())

    def _container(self, image: ContainerImage) -> Command:
        name = f"{self.job.name}-{secrets.token_hex(4)}"
        volumes = {str(INSIDE): self.folder.ml}
        if self.checkpoints and not self.checkpoints.is_in_the_folder:
            volumes[str(self.checkpoints.inside)] = self.checkpoints.folder
        words = image.engine.words(
            image.name,
            name,
            self._variables(INSIDE),
            volumes,
            entrypoint=self._entrypoint,
            arguments=self._arguments or (() if self._entrypoint else ("train",)),
            is_isolated=self._is_isolated,
        )
        return Command(words, self.folder.path, os.environ, ContainerSignals(image.engine, name))

    def _variables(self, ml: Any) -> dict[str, str]:
        request = self.job.request
        channels = [found["ChannelName"] for found in channels_of(request)]
        client_variables = {} if self._is_isolated else dict(self.client_variables)
        return container.environment(ml, self.job.name, self.job.arn, channels, {**client_variables, **self._asked})

    @property
    def _asked(self) -> dict[str, str]:
        return dict(self.job.request.get("Environment", {}))

    @property
    def _entrypoint(self) -> tuple[str, ...]:
        return tuple(self.job.request["AlgorithmSpecification"].get("ContainerEntrypoint", ()))

    @property
    def _arguments(self) -> tuple[str, ...]:
        return tuple(self.job.request["AlgorithmSpecification"].get("ContainerArguments", ()))

    @property
    def _is_isolated(self) -> bool:
        return bool(self.job.request.get("EnableNetworkIsolation"))
