"""What `deploy` and `destroy` make sure of before they change anything: where, and that somebody wants it."""

import sys

import boto3
import typer

from cli.console import ExitCode, Leave
from cli.target.target import NoTarget, Target


class NotAsked(Leave):
    """Nobody can be asked, and nobody said --yes."""

    def __init__(self, command: str):
        super().__init__(ExitCode.USAGE, f"Nothing was changed: no terminal to ask at. `{command}` does it.")


def with_region(target: Target) -> Target:
    """The same, its region said. Raises: NoTarget: nothing says which."""
    region = target.region or boto3.Session().region_name
    if region is None:
        raise NoTarget("No region is configured: say --region eu-central-1, or set AWS_DEFAULT_REGION.")
    return Target(target.endpoint_url, region)


def ask(question: str, verb: str, yes: bool) -> None:
    """Returns if the answer is yes. Raises: NotAsked; Leave: the answer is no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise NotAsked(f"{verb} --yes")
    if not typer.confirm(f"\n{question}", err=True):
        raise Leave(ExitCode.FAILED, "Nothing was changed.")
