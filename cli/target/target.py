"""Which AWS a verb uses: the local AWS of `--home`, `--local` or `--aws`; else AWS_ENDPOINT_URL; else the only local
AWS that is up; else none. Never a real account by accident."""

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from cli.console import ExitCode, Leave
from cli.target import running
from cli.target.choice import TargetChoice
from cli.target.running import Up

LOCAL_REGION = "us-east-1"
CONNECT_S = 2.0
LOCAL_CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


class NoTarget(Leave):
    """No AWS was chosen; the message says how to choose one."""

    def __init__(self, text: str):
        super().__init__(ExitCode.USAGE, text)


@dataclass(frozen=True)
class Target:
    """An AWS to talk to. `endpoint_url` is None for the real one."""

    endpoint_url: str | None
    region: str | None = None

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service. An endpoint on this machine never gets real credentials, and an
        AWS_ENDPOINT_URL left in the environment never replaces the real AWS."""
        if service not in self._clients:
            config = Config(
                ignore_configured_endpoint_urls=True,
                retries={"mode": "standard", "total_max_attempts": 4},
                connect_timeout=5,
            )
            self._clients[service] = self._session.client(service, endpoint_url=self.endpoint_url, config=config)
        return self._clients[service]

    @cached_property
    def _clients(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _session(self) -> boto3.Session:
        """One for all clients: a new session loads botocore's service data again, which takes a quarter of a second."""
        return boto3.Session(region_name=self.region, **(LOCAL_CREDENTIALS if self.is_here else {}))

    @property
    def is_here(self) -> bool:
        return running.is_here(self.endpoint_url or "")

    def __str__(self) -> str:
        if self.endpoint_url is None:
            account = self.client("sts").get_caller_identity()["Account"]
            return f"AWS account {account} in {self.region or boto3.Session().region_name}"
        return f"{'the local AWS' if self.is_here else 'AWS'} at {self.endpoint_url}"


class NothingAnswers(Leave):
    """AWS_ENDPOINT_URL is an address of this machine where no program listens."""

    def __init__(self, url: str, ups: Sequence[Up]):
        there = "\n".join(f"  {up.endpoint_url}, the home {up.home}" for up in ups)
        which = f"These local AWSs are up:\n{there}" if ups else "No local AWS is up: start one with `./retune up`."
        fix = "unset it, or pass --aws to use the account of your credentials"
        super().__init__(ExitCode.USAGE, f"AWS_ENDPOINT_URL is {url}, where nothing answers: {fix}. {which}")


def listens(url: str) -> bool:
    """Whether a program listens at this address."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=CONNECT_S):
            return True
    except OSError:
        return False


def resolve(
    choice: TargetChoice,
    environment: Mapping[str, str] = os.environ,
    every: Callable[[], Sequence[Up]] = running.every,
    listens: Callable[[str], bool] = listens,
) -> Target:
    """The choice's `region` is a real account's; the default is the one of the credentials' profile.

    Raises: NoTarget: neither an option, nor the environment, nor a running local AWS names one; SeveralUp: more than
    one local AWS is up, and none was chosen; NothingAnswers: the environment names an address here that is free."""
    _check(choice)
    if choice.aws:
        return Target(None, choice.region)
    ups, url = [up for up in every() if up.ready], environment.get("AWS_ENDPOINT_URL")
    if url and not choice.is_explicit and not any(up.is_at(url) for up in ups):
        if running.is_here(url) and not listens(url):
            raise NothingAnswers(url, ups)
        return Target(url, environment.get("AWS_DEFAULT_REGION", LOCAL_REGION))
    if up := running.choose(ups, choice.home, url):
        return Target(up.endpoint_url, LOCAL_REGION)
    if choice.home:
        raise NoTarget(f"No local AWS is up with the home {choice.home}: start it with `./retune up{choice.option}`.")
    if choice.local:
        raise NoTarget("No local AWS is up: start one with `./retune up`.")
    raise NoTarget(
        "No local AWS is up. Start one with `./retune up`, or pass --aws to use the account of your credentials."
    )


def _check(choice: TargetChoice) -> None:
    if choice.local and choice.aws:
        raise NoTarget("--local and --aws exclude each other.")
    if choice.home and choice.aws:
        raise NoTarget("--home and --aws exclude each other: a home is a local AWS's.")
    if choice.region and not choice.aws:
        raise NoTarget("--region requires --aws: a local AWS has only one region.")
