"""Requests with as many members as fit together, which the local AWS accepts, and for each operation one with every
member of the service model: faultless to the model, though no service could take all of it at once."""

from typing import Any

from local_sagemaker.sagemaker.protocol.validation import service_model

ARN = "arn:aws:sagemaker:us-east-1:123456789012"
SAMPLES = {
    "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}": "a-name",
    "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}": "a-name",
    "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}": "a-name",
    "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}": "a-name",
    "[A-Za-z0-9\\.\\-_]+": "train",
    "[-0-9a-zA-Z]+": "sg-1",
    "[a-zA-Z0-9:/_-]*": "alias/key",
    "[a-zA-Z_][a-zA-Z0-9_]*": "NAME",
    "[\\S\\s]*": "any\nthing",
    "\\d+K": "4K",
    ".*": "1",
    ".+": "mse",
    "(https|s3)://([^/]+)/?(.*)": "s3://bucket/folder/",
    "(fs-[0-9a-f]{8,})": "fs-0123456789abcdef",
    "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)": "team ä",
    "arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+": "arn:aws:iam::123456789012:role/training",
}
ARNS = {
    ":lambda:": "arn:aws:lambda:us-east-1:123456789012:function:f",
    ":training-plan/": f"{ARN}:training-plan/name",
    ":mlflow-": f"{ARN}:mlflow-app/name",
    ":model-package-group/": f"{ARN}:model-package-group/name",
    ":model-package/": f"{ARN}:model-package/name/1",
    "/DataSet": f"{ARN}:hub-content/hub/DataSet/name/1.0.0",
    "/Model": f"{ARN}:hub-content/hub/Model/name/1.0.0",
    "": "an-algorithm",
}
"""An ARN for each pattern of ARNs, by what is in it."""


def complete(operation: str) -> dict[str, Any]:
    """Every member of the operation's input, each list and map with one item."""
    return dict(_complete(service_model().operation_model(operation).input_shape))


def _complete(shape: Any) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return {name: _complete(member) for name, member in shape.members.items()}
    if kind == "list":
        return [_complete(shape.member)]
    if kind == "map":
        return {_complete(shape.key): _complete(shape.value)}
    if kind == "string":
        return _sample(shape.metadata)
    return {"boolean": True, "float": 0.5}.get(kind, max(1, shape.metadata.get("min", 1)))


def _sample(limits: dict[str, Any]) -> str:
    if "enum" in limits:
        return str(limits["enum"][0])
    pattern = limits.get("pattern", ".*")
    if pattern in SAMPLES:
        return SAMPLES[pattern]
    return next(arn for marker, arn in ARNS.items() if marker in pattern)
