"""CloudFormation's stacks: their failures, and updates that change only parameters.

When a resource fails, moto leaves the stack in progress forever, half created. AWS accepts the call and then rolls back
to nothing, or to the stack's previous state. An error in the template itself is refused immediately. A failing
change set is a 500 of moto's. moto deletes a retained resource when it leaves the template, and does not know
RetainExceptOnCreate.

moto updates a resource only if it refers to a changed parameter by Ref. Fn::Sub and conditions refer to parameters too:
without them, a stack reports that it is updated, but what the parameter switches on is missing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.parsing import OutputMap, ResourceMap

from local_sagemaker.moto_seams.common.patches import Patches

_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:.]+)\}")
Difference = dict[str, list[str]]


def install(patches: Patches) -> None:
    """Roll back failed stack operations, and update every resource that depends on a changed parameter."""
    patches.replace(Stack, "create_resources", _back_to_nothing)
    patches.replace(Stack, "update", _back_to_before)
    patches.replace(CloudFormationBackend, "create_stack", _refused_whole)
    patches.replace(CloudFormationBackend, "execute_change_set", _as_stacks_do)
    patches.replace(ResourceMap, "build_resource_diff", _reaching_all)
    patches.replace(ResourceMap, "_delete_resource", _unless_retained)


def _back_to_nothing(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def create(stack: Stack) -> None:
        try:
            original(stack)
        except ValidationError:
            _remove_all(stack)
            raise
        except Exception as error:  # noqa: BLE001 - any error of a resource's model is the reason
            stack._add_stack_event("ROLLBACK_IN_PROGRESS", resource_status_reason=str(error))
            _remove_all(stack)
            _end(stack, "ROLLBACK_COMPLETE")

    return create


def _back_to_before(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def update(stack: Stack, template: str, *args: Any, **kwargs: Any) -> None:
        before, parameters = stack.template, dict(stack.resource_map.input_parameters)
        try:
            original(stack, template, *args, **kwargs)
        except Exception as error:
            failed = stack.template_dict["Resources"]
            stack.template = before
            stack._parse_template()
            _retain_no_created(stack, failed.keys() - stack.template_dict["Resources"].keys())
            for name in stack.template_dict["Resources"].keys() - failed.keys():
                stack.resource_map._parsed_resources.pop(
                    name, None
                )  # moto removes it first, so it must be created again
            stack.resource_map.update(stack.template_dict, parameters)
            stack.output_map = stack._create_output_map()
            if isinstance(error, ValidationError):
                raise
            stack._add_stack_event("UPDATE_ROLLBACK_IN_PROGRESS", resource_status_reason=str(error))
            _end(stack, "UPDATE_ROLLBACK_COMPLETE")

    return update


def _refused_whole(original: Callable[..., Stack]) -> Callable[..., Stack]:
    @wraps(original)
    def create(backend: CloudFormationBackend, *args: Any, **kwargs: Any) -> Stack:
        before = set(backend.stacks)
        try:
            return original(backend, *args, **kwargs)
        except ValidationError:
            for stack_id in set(backend.stacks) - before:
                del backend.stacks[stack_id]
            raise

    return create


def _as_stacks_do(original: Callable[..., None]) -> Callable[..., None]:
    """Create or update the stack as CreateStack and UpdateStack do, with their rollback."""

    @wraps(original)
    def execute(backend: CloudFormationBackend, change_set_name: str, stack_name: str | None = None) -> None:
        change_set = backend.describe_change_set(change_set_name)
        stack = backend.stacks[change_set.stack_id]
        change_set.execution_status = "EXECUTE_COMPLETE"
        if change_set.change_set_type != "CREATE":
            stack.update(change_set.template, parameters=change_set.parameters)
            return
        stack.template, stack.parameters = change_set.template, change_set.parameters
        stack._parse_template()
        stack.resource_map = stack._create_resource_map()
        stack.output_map = stack._create_output_map()
        stack._add_stack_event("CREATE_IN_PROGRESS", resource_status_reason="User Initiated")
        stack.create_resources()

    return execute


def _remove_all(stack: Stack) -> None:
    """Delete all resources but retained ones. Then drop them from the stack, since moto would create them again on
    access."""
    _retain_no_created(stack, stack.resource_map._resource_json_map)
    stack.resource_map.delete()
    stack.resource_map._resource_json_map = {}
    stack.output_map = OutputMap(stack.resource_map, {**stack.template_dict, "Outputs": {}}, stack.stack_id)


def _retain_no_created(stack: Stack, created: Iterable[str]) -> None:
    """Delete resources with RetainExceptOnCreate when the operation that has created them is rolled back."""
    described = stack.resource_map._resource_json_map
    for name in described.keys() & set(created):
        if described[name].get("DeletionPolicy") == "RetainExceptOnCreate":
            described[name]["DeletionPolicy"] = "Delete"


def _unless_retained(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def delete(resources: ResourceMap, parsed: Any, described: dict[str, Any]) -> None:
        if described.get("DeletionPolicy") not in ("Retain", "RetainExceptOnCreate"):
            original(resources, parsed, described)

    return delete


def _end(stack: Stack, status: str) -> None:
    stack._add_stack_event(status)
    stack.status = status


def _reaching_all(original: Callable[..., Difference]) -> Callable[..., Difference]:
    @wraps(original)
    def diff(resources: Any, template: dict[str, Any], parameters: dict[str, Any] | None = None) -> Difference:
        found = original(resources, template, parameters)
        before = resources.input_parameters
        changed = {name for name, value in (parameters or {}).items() if before.get(name) != value}
        conditions = template.get("Conditions", {})
        reached = [
            name
            for name, resource in template["Resources"].items()
            if name in resources._resource_json_map and not changed.isdisjoint(_parameters(resource, conditions))
        ]
        modified = dict.fromkeys([*found["Modify"], *reached])
        # Resources that a condition switches on come first: others may refer to them.
        found["Modify"] = sorted(modified, key=lambda name: "Condition" not in template["Resources"][name])
        return found

    return diff


def _parameters(node: Any, conditions: Mapping[str, Any]) -> Iterator[str]:
    """Every name that `node` refers to, also through conditions; not all of them are parameters."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "Ref":
                yield value
            elif key == "Condition" and isinstance(value, str):
                yield from _parameters(conditions.get(value), conditions)
            elif key == "Fn::If":
                yield from _parameters(conditions[value[0]], conditions)
            elif key == "Fn::Sub":
                yield from _VARIABLE.findall(value if isinstance(value, str) else value[0])
            yield from _parameters(value, conditions)
    elif isinstance(node, list):
        for value in node:
            yield from _parameters(value, conditions)
