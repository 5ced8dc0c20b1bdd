"""What `deploy` and `destroy` settle before they change anything: the region and the confirmation."""

import sys

import boto3
import typer

from cli.console import ExitCode, Leave
from cli.target.target import NoTarget, Target


class NotAsked(Leave):
    """There is no terminal to ask on, and `--yes` was not passed."""

    def __init__(self, command: str):
        super().__init__(ExitCode.USAGE, f"Nothing was changed: there is no terminal to confirm on. Run `{command}`.")


def with_region(target: Target) -> Target:
    """Return the target with its region filled in. Raises: NoTarget: no region is configured."""
    region = target.region or boto3.Session().region_name
    if region is None:
        raise NoTarget("No region is configured: pass one, such as --region eu-central-1, or set AWS_DEFAULT_REGION.")
    return Target(target.endpoint_url, region)


def ask(question: str, verb: str, yes: bool) -> None:
    """Return if the answer is yes. Raises: NotAsked; Leave: the answer is no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise NotAsked(f"{verb} --yes")
    if not typer.confirm(f"\n{question}", err=True):
        raise Leave(ExitCode.FAILED, "Nothing was changed.")
