"""`image prune`: delete the training images that nobody names. First it says which; only then, and if told so, it
deletes them.
"""

import sys

import typer

from chalicelib.messages.wording import count
from cli.console import ExitCode, Leave, page, say
from cli.image.stock import Stocked, being_bought, stock
from cli.target.stack import Stack, announced

MOST_AT_ONCE = 100
"""BatchDeleteImage's limit (AWS: ECR API reference)."""


def prune(keep: int, yes: bool, local: bool, aws: bool) -> ExitCode:
    """A second call finds nothing. Of what is deleted nothing comes back: only a new build makes such an image."""
    stack = announced(local, aws)
    there = stock(stack)
    unneeded = _unneeded(there, keep)
    say(f"{count(len(there), 'image')}, of which {len(unneeded)} can go: nothing names them, newer ones are there.")
    if not unneeded:
        return ExitCode.DONE
    for one in unneeded:
        page().print(one.name, markup=False, soft_wrap=True)
    if not yes:
        if not sys.stdin.isatty():
            say("Nothing is deleted: say --yes.")
            return ExitCode.DONE
        typer.confirm(f"Delete {count(len(unneeded), 'image')}?", abort=True, err=True)
    return _delete(stack, {one.image.digest for one in unneeded}, keep)


def _unneeded(there: tuple[Stocked, ...], keep: int) -> list[Stocked]:
    """Never an untagged one: those are the repository's lifecycle's."""
    return [one for one in there[keep:] if one.image.tags and not one.is_needed]


def _delete(stack: Stack, shown: set[str], keep: int) -> ExitCode:
    """What was shown and is still not needed: meanwhile somebody may have pinned one, or started a tuning job."""
    if busy := being_bought(stack):
        raise Leave(ExitCode.NOT_FINISHED, f"A tuning job of {busy[0]} is just being prepared: try again in a minute.")
    still = [one.image.digest for one in _unneeded(stock(stack), keep) if one.image.digest in shown]
    failures = []
    for start in range(0, len(still), MOST_AT_ONCE):
        ids = [{"imageDigest": digest} for digest in still[start : start + MOST_AT_ONCE]]
        answer = stack.target.client("ecr").batch_delete_image(repositoryName=stack.image_repository, imageIds=ids)
        failures += answer.get("failures", [])
    if failures:
        raise Leave(ExitCode.FAILED, f"Not deleted: {', '.join(str(one.get('failureReason')) for one in failures)}")
    say(f"Deleted {count(len(still), 'image')}.")
    return ExitCode.DONE
