"""CloudFormation's failures.

When a resource fails, moto leaves the stack in progress forever, half created. AWS accepts the call and then rolls back
to nothing, or to the stack's previous state. An error in the template itself is refused immediately. A failing
change set is a 500 of moto's.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.parsing import OutputMap

from local_sagemaker.moto_seams.patches import Patches


def install(patches: Patches) -> None:
    """Roll back failed stack operations."""
    patches.replace(Stack, "create_resources", _back_to_nothing)
    patches.replace(Stack, "update", _back_to_before)
    patches.replace(CloudFormationBackend, "create_stack", _refused_whole)
    patches.replace(CloudFormationBackend, "execute_change_set", _as_stacks_do)


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
    stack.resource_map.delete()
    stack.resource_map._resource_json_map = {}
    stack.output_map = OutputMap(stack.resource_map, {**stack.template_dict, "Outputs": {}}, stack.stack_id)


def _end(stack: Stack, status: str) -> None:
    stack._add_stack_event(status)
    stack.status = status
