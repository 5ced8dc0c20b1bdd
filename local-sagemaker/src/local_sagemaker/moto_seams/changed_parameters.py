"""Stack updates that change only parameters.

moto updates a resource only if it refers to a changed parameter by Ref. Fn::Sub and conditions refer to parameters too:
without them, a stack reports that it is updated, but what the parameter switches on is missing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any

from moto.cloudformation.parsing import ResourceMap

from local_sagemaker.moto_seams.patches import Patches

_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:.]+)\}")
Difference = dict[str, list[str]]


def install(patches: Patches) -> None:
    """Update every resource that depends on a changed parameter."""
    patches.replace(ResourceMap, "build_resource_diff", _reaching_all)


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
