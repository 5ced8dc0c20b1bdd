"""Create or update a stack from a plain template, the same way locally and on AWS."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from cli.console import ExitCode, Leave
from cli.deploy import orphaned_logs
from cli.deploy.artifacts import Artifacts
from cli.deploy.parameters import values_for
from cli.deploy.progress import StackProgress, following
from cli.deploy.stack_state import StackState, WatchedStack, Way

MAX_INLINE_BYTES = 51_200
"""CloudFormation's limit for a template in the request itself."""
MAX_TEMPLATE_BYTES = 1_048_576
"""Its limit for one that it fetches from S3."""
DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
Show = Callable[[Iterable[StackProgress]], StackProgress]


class NotDeployed(Leave):
    """CloudFormation refused the stack or could not create a resource; the message says which one and why."""

    def __init__(self, text: str):
        super().__init__(ExitCode.FAILED, text)


def quietly(watched: Iterable[StackProgress]) -> StackProgress:
    """Wait for the end and show nothing."""
    return deque(watched, maxlen=1).pop()


def apply(
    stack: WatchedStack, template: Mapping[str, Any], parameters: Mapping[str, str], show: Show = quietly
) -> dict[str, str]:
    """Create or update the stack, wait, and return its outputs. A stack that an earlier attempt left in a dead end is
    recovered first, if that loses nothing. Raises: NotDeployed; WrongParameters."""
    cloudformation = stack.cloudformation
    before = at_rest(stack, show)
    values = values_for(template.get("Parameters", {}), before.parameters, parameters)
    wanted: dict[str, Any] = {
        "StackName": stack.name,
        "Capabilities": ["CAPABILITY_IAM"],
        "Parameters": [{"ParameterKey": name, "ParameterValue": values[name]} for name in sorted(values)],
        **_sent(stack, template),
    }
    if before.id is None:
        orphaned_logs.remove(stack.client, stack.name, template)
    try:
        sent = (cloudformation.update_stack if before.id else cloudformation.create_stack)(**wanted)
    except ClientError as error:
        reason = error.response["Error"]["Message"]
        if "No updates are to be performed" in reason:
            return dict(before.outputs)
        raise NotDeployed(f"CloudFormation refused the stack {stack.name}: {reason}") from error
    after = show(following(cloudformation, sent["StackId"]))
    if after.state.status not in DONE:
        raise NotDeployed(
            f"The stack {stack.name} is {after.state.status}: {after.cause or 'CloudFormation gives no reason'}"
        )
    return dict(after.state.outputs)


def at_rest(stack: WatchedStack, show: Show) -> StackState:
    """Bring the stack to where it can be created or updated: wait for operations in progress, delete a failed first
    creation (it holds nothing), finish a failed rollback. Raises: NotDeployed: a person must act."""
    state = waited(stack, show)
    if state.id is None or state.way not in (Way.DELETE_FIRST, Way.ROLL_BACK_FIRST):
        after = state
    else:
        getting_out = state.way is Way.DELETE_FIRST
        cloudformation = stack.cloudformation
        (cloudformation.delete_stack if getting_out else cloudformation.continue_update_rollback)(StackName=state.id)
        show(following(cloudformation, state.id))
        after = stack.reload()
    if after.way not in (Way.CREATE, Way.UPDATE):
        raise NotDeployed(f"The stack {stack.name} is {after.status}. {after.words}")
    return after


def waited(stack: WatchedStack, show: Show) -> StackState:
    """Return the stack once no operation is in progress on it."""
    state = stack.reload()
    while state.way is Way.WAIT and state.id is not None:
        show(following(stack.cloudformation, state.id))
        state = stack.reload()
    return state


def _sent(stack: WatchedStack, template: Mapping[str, Any]) -> dict[str, str]:
    """Return the template as request arguments: the text itself or, if it is too long, its URL in the artifact bucket.
    The bucket exists by now, because it holds the package that the template names."""
    body = json.dumps(template, separators=(",", ":"))
    size = len(body.encode())
    if size <= MAX_INLINE_BYTES:
        return {"TemplateBody": body}
    if size > MAX_TEMPLATE_BYTES:
        raise NotDeployed(f"The template has {size} bytes; CloudFormation takes at most {MAX_TEMPLATE_BYTES}.")
    return {"TemplateURL": Artifacts.of(stack.client, stack.name).put_template(body)}
