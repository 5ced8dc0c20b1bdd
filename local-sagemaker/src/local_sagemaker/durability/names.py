"""Finds classes and functions by the names under which a home keeps them, also after their module has moved.

A home names them by module, like pickle. When a module that a home may name moves, its old path is added to `MOVED`.
"""

from importlib import import_module
from typing import Any

MOVED = {
    "local_sagemaker.moto_seams.kept_items": "local_sagemaker.moto_seams.dynamodb",
    "local_sagemaker.moto_seams.kept_logs": "local_sagemaker.moto_seams.logs",
    "local_sagemaker.moto_seams.kept_messages": "local_sagemaker.moto_seams.sqs",
    "local_sagemaker.moto_seams.kept_objects": "local_sagemaker.moto_seams.s3.objects",
    "local_sagemaker.moto_seams.local_functions": "local_sagemaker.moto_seams.common.local_functions",
    "local_sagemaker.moto_seams.metrics": "local_sagemaker.moto_seams.cloudwatch",
    "local_sagemaker.moto_seams.pickles": "local_sagemaker.moto_seams.common.pickles",
    "local_sagemaker.moto_seams.templates": "local_sagemaker.moto_seams.cloudformation.templates",
    "localaws.moto_seams.kept_items": "local_sagemaker.moto_seams.dynamodb",
    "localaws.moto_seams.kept_logs": "local_sagemaker.moto_seams.logs",
    "localaws.moto_seams.kept_messages": "local_sagemaker.moto_seams.sqs",
    "localaws.moto_seams.kept_objects": "local_sagemaker.moto_seams.s3.objects",
    "localaws.moto_seams.local_functions": "local_sagemaker.moto_seams.common.local_functions",
    "localaws.moto_seams.pickles": "local_sagemaker.moto_seams.common.pickles",
    "localaws.moto_seams.templates": "local_sagemaker.moto_seams.cloudformation.templates",
    "localaws.sagemaker.completion": "local_sagemaker.sagemaker.jobs.completion",
    "localaws.sagemaker.definitions": "local_sagemaker.sagemaker.jobs.definitions",
    "localaws.sagemaker.hosting.records": "local_sagemaker.sagemaker.hosting.resources.records",
    "localaws.sagemaker.jobs": "local_sagemaker.sagemaker.jobs.jobs",
}
"""Paths of modules in homes of earlier releases, and where each is now."""


class UnknownName(Exception):
    """A home names something that this version does not have."""


def module_of(path: str) -> str:
    """Return the present path of a module."""
    return MOVED.get(path, path)


def resolve(module: str, name: str) -> Any:
    """Return the class or function of that dotted name. Raises: UnknownName."""
    try:
        value: Any = import_module(module_of(module))
        for part in name.split("."):
            value = getattr(value, part)
    except (ImportError, AttributeError) as error:
        raise UnknownName(f"{module}.{name}") from error
    return value
