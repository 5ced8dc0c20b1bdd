"""From a plain template to a running stack, the same way here and on AWS: create, or update what there is."""

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
from cli.deploy.stack_state import StackState, Way, state_of

MAX_INLINE_BYTES = 51_200
"""CloudFormation's limit for a template that comes in the request itself."""
MAX_TEMPLATE_BYTES = 1_048_576
"""Its limit for one that it fetches from S3."""
DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
Show = Callable[[Iterable[StackProgress]], StackProgress]
Client = Callable[[str], Any]


class NotDeployed(Leave):
    """CloudFormation refused the stack or could not make a resource; the message says which one and why."""

    def __init__(self, text: str):
        super().__init__(ExitCode.FAILED, text)


def quietly(watched: Iterable[StackProgress]) -> StackProgress:
    """Wait until it is over, and show nothing."""
    return deque(watched, maxlen=1).pop()


def apply(
    client: Client, stack: str, template: Mapping[str, Any], parameters: Mapping[str, str], show: Show = quietly
) -> dict[str, str]:
    """Create the stack, or update the one there is; its outputs once it is done. Out of a dead end that an earlier
    attempt left it comes by itself, if there is a way that loses nothing. Raises: NotDeployed; WrongParameters."""
    cloudformation = client("cloudformation")
    before = at_rest(cloudformation, stack, show)
    values = values_for(template.get("Parameters", {}), before.parameters, parameters)
    wanted: dict[str, Any] = {
        "StackName": stack,
        "Capabilities": ["CAPABILITY_IAM"],
        "Parameters": [{"ParameterKey": name, "ParameterValue": values[name]} for name in sorted(values)],
        **_sent(client, stack, template),
    }
    if before.id is None:
        orphaned_logs.remove(client, stack, template)
    try:
        sent = (cloudformation.update_stack if before.id else cloudformation.create_stack)(**wanted)
    except ClientError as error:
        reason = error.response["Error"]["Message"]
        if "No updates are to be performed" in reason:
            return dict(before.outputs)
        raise NotDeployed(f"CloudFormation refuses the stack {stack}: {reason}") from error
    after = show(following(cloudformation, sent["StackId"]))
    if after.state.status not in DONE:
        raise NotDeployed(
            f"The stack {stack} is {after.state.status}: {after.cause or 'CloudFormation does not say why'}"
        )
    return dict(after.state.outputs)


def at_rest(cloudformation: Any, stack: str, show: Show) -> StackState:
    """The stack as it can be created or updated: what is in progress has ended, a failed first creation is deleted
    (nothing is in it), a rollback that failed is finished. Raises: NotDeployed: a person must see to it."""
    state = waited(cloudformation, stack, show)
    if state.id is None or state.way not in (Way.DELETE_FIRST, Way.ROLL_BACK_FIRST):
        after = state
    else:
        getting_out = state.way is Way.DELETE_FIRST
        (cloudformation.delete_stack if getting_out else cloudformation.continue_update_rollback)(StackName=state.id)
        show(following(cloudformation, state.id))
        after = state_of(cloudformation, stack)
    if after.way not in (Way.CREATE, Way.UPDATE):
        raise NotDeployed(f"The stack {stack} is {after.status}. {after.words}")
    return after


def waited(cloudformation: Any, stack: str, show: Show) -> StackState:
    """The stack once nothing is in progress on it."""
    state = state_of(cloudformation, stack)
    while state.way is Way.WAIT and state.id is not None:
        show(following(cloudformation, state.id))
        state = state_of(cloudformation, stack)
    return state


def _sent(client: Client, stack: str, template: Mapping[str, Any]) -> dict[str, str]:
    """The template as the request takes it: itself or, where it is too long, where it lies in the artifact bucket,
    which is there: the package that the template names lies in it."""
    body = json.dumps(template, separators=(",", ":"))
    size = len(body.encode())
    if size <= MAX_INLINE_BYTES:
        return {"TemplateBody": body}
    if size > MAX_TEMPLATE_BYTES:
        raise NotDeployed(f"The template has {size} bytes, CloudFormation takes {MAX_TEMPLATE_BYTES}.")
    return {"TemplateURL": Artifacts.of(client, stack).put_template(body)}
