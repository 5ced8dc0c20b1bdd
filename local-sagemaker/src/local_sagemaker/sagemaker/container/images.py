"""Finds the local replacement of a training image: a folder on this machine, or an image in a container engine."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from local_sagemaker.sagemaker.container import engine
from local_sagemaker.sagemaker.container.engine import Engine
from local_sagemaker.sagemaker.container.storage import DataFault


@dataclass(frozen=True)
class Program:
    """A folder on this machine with either a program `entrypoint`, which is run with the verb `train` or `serve`, or
    one program for each verb, named like the verb."""

    folder: Path

    def words(self, verb: str) -> tuple[str, ...]:
        """The command for the verb. Raises: DataFault: the folder has no executable program for it."""
        for name in ("entrypoint", verb):
            path = (self.folder / name).absolute()
            if path.is_file() and os.access(path, os.X_OK):
                return (str(path), verb) if name == "entrypoint" else (str(path),)
        text = f"the folder {self.folder} has no executable program named `entrypoint` or `{verb}`"
        raise DataFault(f"ClientError: {text}.")

    def executable(self, word: str) -> str:
        """The path of the folder's own executable of that name; else the word itself, to be looked up on PATH."""
        own = self.folder / word
        return str(own.absolute()) if own.is_file() and os.access(own, os.X_OK) else word

    def fault(self, exit_code: int, log: Path) -> None:
        """There is no engine that could fail to run it."""


@dataclass(frozen=True)
class ContainerImage:
    """An image, under the name that its engine uses."""

    engine: Engine
    name: str

    def fault(self, exit_code: int, log: Path) -> str | None:
        """The FailureReason if the engine could not run the image, from the job's log; None if it could."""
        if exit_code != engine.NOT_STARTED:
            return None
        return f"ClientError: {self.engine.name} could not run {self.name}: {log.read_text(errors='replace').strip()}"


@dataclass
class Images:
    """`folders` maps repository names to folders; all other images are looked up in the engine."""

    folders: Mapping[str, Path]
    find_engine: Callable[[], Engine | None] = engine.installed

    def find(self, image: str) -> Program | ContainerImage:
        """Find the folder by the repository's name, ignoring registry, tag and digest; otherwise the engine's image.
        Raises: DataFault."""
        if repository_of(image) in self.folders:
            return self.program(image)
        found = self.find_engine()
        for name in (image, image.rsplit("/", 1)[-1]):
            if found and found.has(name):
                return ContainerImage(found, name)
        where = f"{found.name} does not have this image" if found else "neither docker nor podman is available"
        raise self._unknown(image, f" {where[0].upper()}{where[1:]}.")

    def program(self, image: str) -> Program:
        """The image's folder, without asking an engine. Raises: DataFault."""
        repository = repository_of(image)
        if repository not in self.folders:
            raise self._unknown(image, "")
        return Program(self.folders[repository])

    def _unknown(self, image: str, where: str) -> DataFault:
        known = ", ".join(sorted(self.folders)) or "none"
        text = f"ClientError: no program is mapped to the image {image}; known repositories: {known}."
        fix = (
            f"Map it to a folder with a program `entrypoint`: local-sagemaker up --image {repository_of(image)}=FOLDER"
        )
        return DataFault(f"{text}{where} {fix}"[:1024])


def repository_of(image: str) -> str:
    """`host/team/name:tag@sha256:…` → `name`."""
    return image.split("@", 1)[0].rsplit("/", 1)[-1].split(":", 1)[0]
