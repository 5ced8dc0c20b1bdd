"""The resources of a deployed stack by their names in the template, as CloudFormation tells them."""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Part:
    """One resource. `id` is its physical one: a queue's is its URL, most others' a name."""

    name: str
    type: str
    id: str


def parts_of(cloudformation: Any, stack: str) -> tuple[Part, ...]:
    """Those that are there; in the order of CloudFormation. `stack` may be its id."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    found = (one for page in pages for one in page["StackResourceSummaries"])
    return tuple(
        Part(one["LogicalResourceId"], one["ResourceType"], one["PhysicalResourceId"])
        for one in found
        if one.get("PhysicalResourceId") and one["ResourceStatus"] != "DELETE_COMPLETE"
    )


def functions(parts: tuple[Part, ...]) -> dict[str, str]:
    """Each Lambda's name on AWS by its name in `app.py`: OnUpload is `on_upload`."""
    return {_handler(part.name): part.id for part in parts if part.type == "AWS::Lambda::Function"}


def _handler(logical_id: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id).lower()
