"""Parses the values of the command line's options."""

import ipaddress
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local_sagemaker.beside.url import UnusableEmulator, checked_url
from local_sagemaker.chaos import Chaos
from local_sagemaker.sagemaker.container.images import repository_of
from local_sagemaker.sagemaker.jobs.quotas import UnknownQuota, checked
from local_sagemaker.same_origin import InvalidAllowance, checked_host, checked_origin

PROGRAMS = ("entrypoint", "train", "serve")


class InvalidOption(ValueError):
    """An option has an invalid value; the message names the option and what is valid."""


@dataclass(frozen=True)
class Options:
    """The options as `LocalSageMaker` takes them."""

    images: Mapping[str, Path] = field(default_factory=dict)
    quotas: Mapping[str, int] = field(default_factory=dict)
    chaos: Chaos | None = None
    allow_hosts: tuple[str, ...] = ()
    allow_origins: tuple[str, ...] = ()


def parse(
    images: Iterable[str] = (),
    quotas: Iterable[str] = (),
    chaos: str | None = None,
    allow_hosts: Sequence[str] = (),
    allow_origins: Sequence[str] = (),
) -> Options:
    """Parse the repeatable options `--image`, `--quota`, `--allow-host` and `--allow-origin`, and `--chaos`, which is
    None unless it is given, and empty if it is given without rates. Raises: InvalidOption."""
    return Options(
        images=dict(_image(word) for word in images),
        quotas=_quotas(quotas),
        chaos=None if chaos is None else _chaos(chaos),
        allow_hosts=_allowed("--allow-host", allow_hosts, checked_host),
        allow_origins=_allowed("--allow-origin", allow_origins, checked_origin),
    )


def port(word: str) -> int:
    """Parse `--port`. Raises: InvalidOption."""
    if not (word.isascii() and word.isdigit() and int(word) <= 65535):
        raise InvalidOption(f"--port {word}: must be from 0 to 65535; 0 means any free port.")
    return int(word)


def bind(word: str) -> str:
    """Parse `--bind`. Raises: InvalidOption."""
    try:
        return str(ipaddress.ip_address(word))
    except ValueError:
        text = f"--bind {word}: must be an IP address, such as 127.0.0.1, or 0.0.0.0 for all of this machine."
        raise InvalidOption(text) from None


def beside(word: str) -> str:
    """Parse `--beside`. Raises: InvalidOption."""
    try:
        return checked_url(word)
    except UnusableEmulator as unusable:
        raise InvalidOption(f"--beside: {unusable}") from unusable


def _image(word: str) -> tuple[str, Path]:
    name, is_given, folder = word.partition("=")
    repository, path = repository_of(name), Path(folder).expanduser().absolute()
    if not is_given or not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", repository):
        text = f"--image {word}: must be NAME=FOLDER, with the image's repository in lowercase as NAME."
        raise InvalidOption(text)
    if not any(os.access(path / program, os.X_OK) and (path / program).is_file() for program in PROGRAMS):
        names = ", ".join(f"`{program}`" for program in PROGRAMS)
        raise InvalidOption(f"--image {word}: {path} must be a folder with an executable program, one of {names}.")
    return repository, path


def _quotas(words: Iterable[str]) -> dict[str, int]:
    asked = dict(_quota(word) for word in words)
    try:
        return checked(asked)
    except UnknownQuota as unknown:
        raise InvalidOption(f"--quota: {unknown}") from unknown


def _quota(word: str) -> tuple[str, int]:
    name, _, value = word.partition("=")
    if not value.isascii() or not value.isdigit():
        raise InvalidOption(f"--quota {word}: must be NAME=NUMBER, such as tuning_jobs=1.")
    return name, int(value)


def _chaos(text: str) -> Chaos:
    try:
        return Chaos.of(text)
    except ValueError as error:
        raise InvalidOption(f"--chaos {text}: {error}.") from error


def _allowed(option: str, words: Iterable[str], check: Callable[[str], str]) -> tuple[str, ...]:
    try:
        return tuple(check(word) for word in words)
    except InvalidAllowance as error:
        raise InvalidOption(f"{option}: {error}.") from error
