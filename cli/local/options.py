"""The options of the local AWS that `up` runs: images, quotas, chaos, and who else may call it."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.console import ExitCode, Leave
from local_sagemaker import Chaos
from local_sagemaker.sagemaker.container.images import repository_of
from local_sagemaker.sagemaker.jobs.quotas import UnknownQuota, checked
from local_sagemaker.same_origin import InvalidAllowance, checked_host, checked_origin

PROGRAMS = ("entrypoint", "train", "serve")


@dataclass(frozen=True)
class Wishes:
    """The options as `LocalSageMaker` takes them."""

    images: Mapping[str, Path] = field(default_factory=dict)
    quotas: Mapping[str, int] = field(default_factory=dict)
    chaos: Chaos | None = None
    allow_hosts: tuple[str, ...] = ()
    allow_origins: tuple[str, ...] = ()


def wishes(
    images: Iterable[str],
    quotas: Iterable[str],
    chaos: str | None,
    allow_hosts: Sequence[str] = (),
    allow_origins: Sequence[str] = (),
) -> Wishes:
    """Parse the options. Raises: Leave: one of them is wrong; the message says how, and what is valid."""
    return Wishes(
        images=dict(_image(word) for word in images),
        quotas=_quotas(quotas),
        chaos=None if chaos is None else _chaos(chaos),
        allow_hosts=_allowed("--allow-host", allow_hosts, checked_host),
        allow_origins=_allowed("--allow-origin", allow_origins, checked_origin),
    )


def _image(word: str) -> tuple[str, Path]:
    name, is_given, folder = word.partition("=")
    repository, path = repository_of(name), Path(folder).expanduser().absolute()
    if not is_given or not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", repository):
        raise _wrong(f"--image {word}: must be NAME=FOLDER, with the image's repository in lowercase as NAME.")
    if not any(os.access(path / program, os.X_OK) and (path / program).is_file() for program in PROGRAMS):
        names = ", ".join(f"`{program}`" for program in PROGRAMS)
        raise _wrong(f"--image {word}: {path} must be a folder with an executable program, one of {names}.")
    return repository, path


def _quotas(words: Iterable[str]) -> dict[str, int]:
    asked = dict(_quota(word) for word in words)
    try:
        return checked(asked)
    except UnknownQuota as unknown:
        raise _wrong(f"--quota: {unknown}") from unknown


def _quota(word: str) -> tuple[str, int]:
    name, _, value = word.partition("=")
    if not value.isascii() or not value.isdigit():
        raise _wrong(f"--quota {word}: must be NAME=NUMBER, such as tuning_jobs=1.")
    return name, int(value)


def _chaos(text: str) -> Chaos:
    try:
        return Chaos.of(text)
    except ValueError as error:
        raise _wrong(f"--chaos {text}: {error}.") from error


def _allowed(option: str, words: Iterable[str], check: Callable[[str], str]) -> tuple[str, ...]:
    try:
        return tuple(check(word) for word in words)
    except InvalidAllowance as error:
        raise _wrong(f"{option}: {error}.") from error


def _wrong(text: str) -> Leave:
    return Leave(ExitCode.USAGE, text)
