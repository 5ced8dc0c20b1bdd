"""The stack: whether it is there and whole, and then its parts, one after the other."""

from collections.abc import Iterator

from cli.deploy.stack_state import Way, state_of
from cli.doctor.delivery import bucket_events, dead_letters, subscriptions
from cli.doctor.finding import Finding, isolated
from cli.doctor.image import build, image
from cli.doctor.lambdas import lambdas
from cli.doctor.quotas import quotas
from cli.doctor.training_role import training_role
from cli.target.parts import parts_of
from cli.target.stack import NoStack, RunsAlone, Stack, find_stack, stack_name
from cli.target.target import Target

DEPLOY, DESTROY = "./retune deploy", "./retune destroy"
_BY_DESTROY = ("DELETE_FAILED", "REVIEW_IN_PROGRESS")
"""Dead ends from which `destroy` leads out; from UPDATE_FAILED only what `StackState.words` says."""
UNDONE = "it runs as before its last update, which failed and was undone; try again"


def stack(target: Target) -> Iterator[Finding]:
    """What there is to say of it; quotas also where nothing is deployed yet, for that is when they are asked for."""
    name = stack_name()
    state = list(isolated("stack", _state(target, name)))
    yield from state
    if not all(finding.ok for finding in state if finding.fix != UNDONE):
        if not target.is_here:
            yield from isolated("quotas", quotas(target, None))
        return
    yield from _parts(target, find_stack(target, name))


def _state(target: Target, name: str) -> Iterator[Finding]:
    state = state_of(target.client("cloudformation"), name)
    what = f"{name} is {state.status}"
    if state.id is None:
        yield _absent(target, name)
    elif state.words:
        command = "" if state.way is Way.STUCK else DEPLOY
        yield Finding("stack", False, what, state.words, DESTROY if state.status in _BY_DESTROY else command)
    elif state.way is Way.WAIT:
        yield Finding("stack", None, what, "wait for its end, then ask again")
    elif state.status == "UPDATE_ROLLBACK_COMPLETE":
        yield Finding("stack", None, what, UNDONE, DEPLOY)
    else:
        yield Finding("stack", True, what)


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
