"""The resources of a deployed stack by their names in the template, as CloudFormation lists them."""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Part:
    """One resource. `id` is the physical id: a queue's URL, for most others a name."""

    name: str
    type: str
    id: str


def parts_of(cloudformation: Any, stack: str) -> tuple[Part, ...]:
    """List the existing resources in CloudFormation's order. `stack` may be an id."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    found = (one for page in pages for one in page["StackResourceSummaries"])
    return tuple(
        Part(one["LogicalResourceId"], one["ResourceType"], one["PhysicalResourceId"])
        for one in found
        if one.get("PhysicalResourceId") and one["ResourceStatus"] != "DELETE_COMPLETE"
    )


def functions(parts: tuple[Part, ...]) -> dict[str, str]:
    """Map each Lambda's name in `app.py` to its name on AWS: OnUpload is `on_upload`."""
    return {_handler(part.name): part.id for part in parts if part.type == "AWS::Lambda::Function"}


def _handler(logical_id: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id).lower()
