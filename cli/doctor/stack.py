"""The stack: whether it is there and whole, and then its parts, one after the other."""

import os
from collections.abc import Iterator

from botocore.exceptions import ClientError

from cli.doctor.delivery import bucket_events, dead_letters, subscriptions
from cli.doctor.finding import Finding, isolated
from cli.doctor.image import build, image
from cli.doctor.lambdas import lambdas
from cli.doctor.quotas import quotas
from cli.doctor.training_role import training_role
from cli.stack import DEFAULT_NAME, NoStack, RunsAlone, Stack, find_stack
from cli.stack_parts import parts_of
from cli.target import Target

DEPLOY = "./retune deploy"
FIX_BY_STATUS = {
    "ROLLBACK_COMPLETE": ("its creation failed and was undone; make it again", DEPLOY),
    "ROLLBACK_FAILED": ("its creation failed, and undoing it too; remove it, then deploy", "./retune destroy"),
    "CREATE_FAILED": ("its creation failed; remove it, then deploy", "./retune destroy"),
    "DELETE_FAILED": ("something holds a part of it; its events say what", "./retune destroy"),
    "UPDATE_FAILED": ("its last update failed; try again", DEPLOY),
    "UPDATE_ROLLBACK_FAILED": (
        "its last update failed, and undoing it too; go on undoing, then deploy",
        "aws cloudformation continue-update-rollback --stack-name {name}",
    ),
    "REVIEW_IN_PROGRESS": ("it was planned and never made", DEPLOY),
}
UNDONE = "it runs as before its last update, which failed and was undone; try again"


def stack(target: Target) -> Iterator[Finding]:
    """What there is to say of it; quotas also where nothing is deployed yet, for that is when they are asked for."""
    name = os.environ.get("RETUNE_STACK", DEFAULT_NAME)
    state = list(isolated("stack", _state(target, name)))
    yield from state
    if not all(finding.ok for finding in state if finding.fix != UNDONE):
        if not target.is_here:
            yield from isolated("quotas", quotas(target, None))
        return
    yield from _parts(target, find_stack(target, name))


def _state(target: Target, name: str) -> Iterator[Finding]:
    try:
        found = target.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        yield _absent(target, name)
        return
    status = found["StackStatus"]
    if status in FIX_BY_STATUS:
        fix, command = FIX_BY_STATUS[status]
        yield Finding("stack", False, f"{name} is {status}", fix, command.format(name=name))
    elif status.endswith("_IN_PROGRESS"):
        yield Finding("stack", None, f"{name} is {status}", "wait for its end, then ask again")
    elif status == "UPDATE_ROLLBACK_COMPLETE":
        yield Finding("stack", None, f"{name} is {status}", UNDONE, DEPLOY)
    else:
        yield Finding("stack", True, f"{name} is {status}")


def _absent(target: Target, name: str) -> Finding:
    try:
        find_stack(target, name)
    except RunsAlone:
        return Finding("stack", None, "this local AWS runs without Retune (--only-aws)")
    except NoStack as error:
        return Finding("stack", False, str(error), "set RETUNE_STACK to its name, or deploy one", DEPLOY)
    return Finding("stack", None, f"{name} was made this moment", "ask again")


def _parts(target: Target, found: Stack) -> Iterator[Finding]:
    parts = parts_of(target.client("cloudformation"), found.name)
    checks = (
        ("bucket", bucket_events(target, found)),
        ("queues", dead_letters(target, parts)),
        ("subscription", subscriptions(target, found)),
        ("training role", training_role(target, found)),
        ("image", image(target, found)),
        ("image build", build(target, parts)),
        ("quotas", quotas(target, found)),
        ("Lambdas", lambdas(target, found, parts)),
    )
    for name, check in checks:
        yield from isolated(name, check)
