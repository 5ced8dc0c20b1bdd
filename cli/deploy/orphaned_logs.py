"""Delete log groups that reappear after their stack was deleted, because one of its functions was still logging.

CloudFormation refuses to create a log group that exists, and rolls the new stack back. A log group that Lambda creates
has no retention time, which our template always sets, no key, and no stack that owns it. It holds the last lines of a
log that was deleted with its stack, so it is deleted too. Any other log group was created on purpose and stays.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from cli.console import ExitCode, Leave, say
from cli.deploy.template import resources_of

Client = Callable[[str], Any]


class LogGroupTaken(Leave):
    """A log group with the new stack's name must not be deleted; the message says what to do."""

    def __init__(self, name: str, why: str):
        super().__init__(
            ExitCode.FAILED,
            f"The log group {name} already exists, and {why}. Deploy under another name with --name,"
            f" or delete it with its logs: aws logs delete-log-group --log-group-name {name}",
        )


def found(client: Client, stack: str, template: Mapping[str, Any]) -> tuple[str, ...]:
    """Find the log groups that block a stack that does not exist yet. Changes nothing.

    Raises: LogGroupTaken: one of them must not be deleted."""
    there = dict(_there(client, stack, template))
    for name, why in there.items():
        if why:
            raise LogGroupTaken(name, why)
    return tuple(there)


def remove(client: Client, stack: str, template: Mapping[str, Any]) -> None:
    """Delete those that a deleted stack's functions left. Call only while no stack has that name."""
    for name, why in list(_there(client, stack, template)):
        if not why:
            _delete(client("logs"), name)
            say(f"Deleted log group {name}: a function of a deleted stack wrote to it late.", style="dim")


def _there(client: Client, stack: str, template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each existing log group with one of the stack's names, and why it must stay, or an empty text."""
    for name in _names(stack, template):
        described = client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        group = next((one for one in described if one["logGroupName"] == name), None)
        if group is None:
            continue
        if "retentionInDays" in group or "kmsKeyId" in group:
            yield name, "its retention time or key shows that it was created on purpose"
        elif owner := _owner(client("cloudformation"), name):
            yield name, f"it belongs to the stack {owner}"
        else:
            yield name, ""


def _names(stack: str, template: Mapping[str, Any]) -> list[str]:
    """Return the names of all possible groups: an earlier stack may have had other parameters."""
    groups = {
        name: {"Name": one["Properties"]["LogGroupName"]}
        for name, one in template["Resources"].items()
        if one.get("Type") == "AWS::Logs::LogGroup"
    }
    return [one["Name"] for one in resources_of({"Resources": groups}, {"AWS::StackName": stack}, {}).values()]


def _owner(cloudformation: Any, group: str) -> str | None:
    """Return the stack that owns the group; resources of deleted stacks are listed for a while, and do not count."""
    try:
        listed = cloudformation.describe_stack_resources(PhysicalResourceId=group)["StackResources"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise
    owners = [one["StackName"] for one in listed if one.get("PhysicalResourceId") == group and _is_there(one)]
    return owners[0] if owners else None


def _is_there(resource: Mapping[str, Any]) -> bool:
    return resource["ResourceStatus"] not in ("DELETE_COMPLETE", "CREATE_FAILED")


def _delete(logs: Any, name: str) -> None:
    try:
        logs.delete_log_group(logGroupName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
