"""Which AWS a verb uses: `--local` or `--aws`; else AWS_ENDPOINT_URL; else the local AWS that is up; else none. Never
a real account by accident."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from cli.console import ExitCode, Leave
from cli.target import running
from cli.target.choice import TargetChoice

LOCAL_REGION = "us-east-1"
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
        host = urlsplit(self.endpoint_url or "").hostname
        return host in ("127.0.0.1", "localhost", "::1")

    def __str__(self) -> str:
        if self.endpoint_url is None:
            account = self.client("sts").get_caller_identity()["Account"]
            return f"AWS account {account} in {self.region or boto3.Session().region_name}"
        return f"{'the local AWS' if self.is_here else 'AWS'} at {self.endpoint_url}"


def resolve(choice: TargetChoice, environment: Mapping[str, str] = os.environ) -> Target:
    """The choice's `region` is a real account's; the default is the one of the credentials' profile.

    Raises: NoTarget: neither an option, nor the environment, nor a running local AWS names one."""
    if choice.local and choice.aws:
        raise NoTarget("--local and --aws exclude each other.")
    if choice.region and not choice.aws:
        raise NoTarget("--region requires --aws: a local AWS has only one region.")
    if choice.aws:
        return Target(None, choice.region)
    up = running.read()
    if choice.local:
        if up is None:
            raise NoTarget("No local AWS is up: start one with `./retune up`.")
        return Target(up["endpoint_url"], LOCAL_REGION)
    if url := environment.get("AWS_ENDPOINT_URL"):
        return Target(url, environment.get("AWS_DEFAULT_REGION", LOCAL_REGION))
    if up is not None:
        return Target(up["endpoint_url"], LOCAL_REGION)
    raise NoTarget(
        "No local AWS is up. Start one with `./retune up`, or pass --aws to use the account of your credentials."
    )
