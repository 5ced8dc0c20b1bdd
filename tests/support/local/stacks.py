"""A local AWS without Retune, to deploy stacks into, and what a test asks of it."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from cli.target.target import Target
from tests.support.local.command_line import Cli


@dataclass(frozen=True)
class EmptyAccount:
    """`cli` talks to it: it is the one that is up."""

    cli: Cli
    endpoint_url: str

    def client(self, service: str) -> Any:
        return self._target.client(service)

    @cached_property
    def _target(self) -> Target:
        return Target(self.endpoint_url, "us-east-1")

    def deploy(self, stack: str, *words: object) -> subprocess.CompletedProcess[str]:
        done = self.cli("deploy", "--name", stack, "--yes", "--json", *words)
        assert done.returncode == 0, done.stderr
        return done

    def outputs(self, stack: str, *words: object) -> dict[str, str]:
        """Of the stack, deployed by this."""
        told: dict[str, str] = json.loads(self.deploy(stack, *words).stdout)["outputs"]
        return told

    def status(self, stack: str) -> str | None:
        try:
            found = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        except ClientError:
            return None
        return str(found[0]["StackStatus"])

    def events(self, stack: str) -> int:
        """How many things have ever happened to the stack."""
        return len(self.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"])

    def objects(self, bucket: str, prefix: str = "") -> list[str]:
        try:
            listed = self.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
        except ClientError:
            return []
        return [found["Key"] for found in listed.get("Contents", ())]

    def tagged(self, stack: str) -> list[str]:
        """ARNs of all that carries the stack's tag."""
        filters = [{"Key": "retune:stack", "Values": [stack]}]
        pages = self.client("resourcegroupstaggingapi").get_paginator("get_resources").paginate(TagFilters=filters)
        return [one["ResourceARN"] for page in pages for one in page["ResourceTagMappingList"]]

    def interrupted(self, number: signal.Signals, until: Callable[[], Any], *words: object) -> int:
        """The exit code of a command that got the signal as soon as `until` was true, or ended before."""
        process = self.cli.start(*words)
        deadline = time.monotonic() + 120
        while process.poll() is None and not until():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(number)
        return process.wait(60)


@contextmanager
def empty_account(state: Path) -> Iterator[EmptyAccount]:
    cli = Cli(state)
    up = cli.up("--only-aws")
    try:
        yield EmptyAccount(cli, up.ready["endpoint_url"])
    finally:
        up.end()
