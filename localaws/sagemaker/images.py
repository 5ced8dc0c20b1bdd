"""What stands for a training image here: a folder of this machine, or an image in a container engine."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from localaws.sagemaker import engine
from localaws.sagemaker.engine import Engine
from localaws.sagemaker.storage import DataFault

PROGRAMS = ("entrypoint", "train")
"""What a folder may call its program: `entrypoint` is run with the verb, `train` is what the verb itself names."""


@dataclass(frozen=True)
class Program:
    """A folder of this machine."""

    folder: Path

    def training(self) -> tuple[str, ...]:
        """The command that trains. Raises: DataFault: there is none that can be run."""
        for name in PROGRAMS:
            path = (self.folder / name).absolute()
            if path.is_file() and os.access(path, os.X_OK):
                return (str(path), "train") if name == "entrypoint" else (str(path),)
        names = " nor ".join(f"`{name}`" for name in PROGRAMS)
        text = f"the folder {self.folder} has neither {names} as a program that may be executed"
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
        repository = repository_of(image)
        if repository in self.folders:
            return Program(self.folders[repository])
        found = self.find_engine()
        for name in (image, image.rsplit("/", 1)[-1]):
            if found and found.has(name):
                return ContainerImage(found, name)
        raise DataFault(self._unknown(image, repository, found))

    def _unknown(self, image: str, repository: str, found: Engine | None) -> str:
        known = ", ".join(sorted(self.folders)) or "none"
        where = f"{found.name} has no such image" if found else "neither docker nor podman works here"
        fix = f"Map it to a folder with a program `entrypoint` (./retune up --image {repository}=FOLDER), or build it"
        text = f"ClientError: no program stands for the training image {image} here; known repositories: {known}."
        return f"{text} {where[0].upper()}{where[1:]}. {fix}."[:1024]


def repository_of(image: str) -> str:
    """`host/team/name:tag@sha256:…` → `name`."""
    return image.split("@", 1)[0].rsplit("/", 1)[-1].split(":", 1)[0]
