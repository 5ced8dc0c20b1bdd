"""Which AWS a verb talks to: `--local` or `--aws`; else AWS_ENDPOINT_URL; else the local AWS that is up; else
none. Never a real account by accident."""

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

LOCAL_REGION = "us-east-1"
LOCAL_CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


class NoTarget(Leave):
    """There is no AWS to talk to; the message says how to name one."""

    def __init__(self, text: str):
        super().__init__(ExitCode.USAGE, text)


@dataclass(frozen=True)
class Target:
    """An AWS to talk to. `endpoint_url` is None for the real one."""

    endpoint_url: str | None
    region: str | None = None

    def client(self, service: str) -> Any:
        """The boto3 client of this service. An endpoint on this machine never sees a person's real credentials, and
        an AWS_ENDPOINT_URL left in the environment never stands in for the real AWS."""
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
        """One for all clients: a new one reads all that botocore knows of the services again, a quarter of a second."""
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


def resolve(local: bool, aws: bool, environment: Mapping[str, str] = os.environ, region: str | None = None) -> Target:
    """`region` is a real account's; the default is the one of the credentials' profile.

    Raises: NoTarget: neither an option, nor the environment, nor a running local AWS names one."""
    if local and aws:
        raise NoTarget("--local and --aws exclude each other.")
    if region and not aws:
        raise NoTarget("--region goes with --aws: a local AWS has one region.")
    if aws:
        return Target(None, region)
    up = running.read()
    if local:
        if up is None:
            raise NoTarget("No local AWS is up: start one with `./retune up`.")
        return Target(up["endpoint_url"], LOCAL_REGION)
    if url := environment.get("AWS_ENDPOINT_URL"):
        return Target(url, environment.get("AWS_DEFAULT_REGION", LOCAL_REGION))
    if up is not None:
        return Target(up["endpoint_url"], LOCAL_REGION)
    raise NoTarget(
        "No local AWS is up. Start one with `./retune up`, or say --aws for the account of your credentials."
    )
