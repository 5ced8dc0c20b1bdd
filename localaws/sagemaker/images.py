"""What stands for a training image here: a folder of this machine, or an image in a container engine."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from localaws.sagemaker import engine
from localaws.sagemaker.engine import Engine
from localaws.sagemaker.storage import DataFault


@dataclass(frozen=True)
class Program:
    """A folder of this machine. It may call its program `entrypoint`, which is run with the verb `train` or `serve`;
    or it has a program for each verb, by the verb's name."""

    folder: Path

    def words(self, verb: str) -> tuple[str, ...]:
        """The command. Raises: DataFault: there is none that can be run."""
        for name in ("entrypoint", verb):
            path = (self.folder / name).absolute()
            if path.is_file() and os.access(path, os.X_OK):
                return (str(path), verb) if name == "entrypoint" else (str(path),)
        text = f"the folder {self.folder} has neither `entrypoint` nor `{verb}` as a program that may be executed"
        raise DataFault(f"ClientError: {text}.")


@dataclass(frozen=True)
class ContainerImage:
    """An image, under the name by which its engine knows it."""

    engine: Engine
    name: str


@dataclass
class Images:
    """`folders` maps repository names to folders; whatever is not there is looked for in the engine."""

    folders: Mapping[str, Path]
    find_engine: Callable[[], Engine | None] = engine.installed

    def find(self, image: str) -> Program | ContainerImage:
        """By the repository's name, whatever registry, tag and digest; else the engine's. Raises: DataFault."""
        if repository_of(image) in self.folders:
            return self.program(image)
        found = self.find_engine()
        for name in (image, image.rsplit("/", 1)[-1]):
            if found and found.has(name):
                return ContainerImage(found, name)
        where = f"{found.name} has no such image" if found else "neither docker nor podman works here"
        raise self._unknown(image, f" {where[0].upper()}{where[1:]}.")

    def program(self, image: str) -> Program:
        """Its folder, whatever an engine may have. Raises: DataFault."""
        repository = repository_of(image)
        if repository not in self.folders:
            raise self._unknown(image, "")
        return Program(self.folders[repository])

    def _unknown(self, image: str, where: str) -> DataFault:
        known = ", ".join(sorted(self.folders)) or "none"
        text = f"ClientError: no program stands for the image {image} here; known repositories: {known}."
        fix = f"Map it to a folder with a program `entrypoint`: ./retune up --image {repository_of(image)}=FOLDER"
        return DataFault(f"{text}{where} {fix}"[:1024])


def repository_of(image: str) -> str:
    """`host/team/name:tag@sha256:…` → `name`."""
    return image.split("@", 1)[0].rsplit("/", 1)[-1].split(":", 1)[0]
