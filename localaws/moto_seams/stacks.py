"""CloudFormation's failures.

moto leaves a stack of which one resource fails for ever in progress, half made. AWS answers that it has begun, and
goes back: to nothing, or to what the stack was before. What the template itself gets wrong is refused at once.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.parsing import OutputMap

from localaws.moto_seams.patches import Patches


def install(patches: Patches) -> None:
    """Lets what fails be rolled back."""
    patches.replace(Stack, "create_resources", _back_to_nothing)
    patches.replace(Stack, "update", _back_to_before)
    patches.replace(CloudFormationBackend, "create_stack", _refused_whole)


def _back_to_nothing(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def create(stack: Stack) -> None:
        try:
            original(stack)
        except ValidationError:
            _remove_all(stack)
            raise
        except Exception as error:  # noqa: BLE001 - whatever a resource's model raises is the reason
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
                stack.resource_map._parsed_resources.pop(name, None)  # moto removes first: it must be made again
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


def _remove_all(stack: Stack) -> None:
    """What is retained stays. Afterwards the stack has no resources: moto would make them when they are asked for."""
    stack.resource_map.delete()
    stack.resource_map._resource_json_map = {}
    stack.output_map = OutputMap(stack.resource_map, {**stack.template_dict, "Outputs": {}}, stack.stack_id)


def _end(stack: Stack, status: str) -> None:
    stack._add_stack_event(status)
    stack.status = status
