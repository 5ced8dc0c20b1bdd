"""Names the operations of SageMaker's REST services, such as the feature store's runtime.

They share SageMaker's signing name, by which a request is recognized: without it, moto would take
`PUT /FeatureGroup/f` for an object of a bucket named `FeatureGroup`.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel

RUNTIME = "sagemaker-runtime"
_SCOPE = re.compile(r"Credential=[^,\s]*/(?P<service>[a-z0-9-]+)/aws4_request")
_SIGNED = {"sagemaker", "sagemaker-geospatial"}


@cache
def services() -> dict[str, ServiceModel]:
    """The models of SageMaker's REST services in the installed botocore, by name."""
    loader = Loader()
    names = [name for name in loader.list_available_services("service-2") if name.startswith("sagemaker")]
    found = {name: ServiceModel(loader.load_service_model(name, "service-2"), name) for name in names}
    return {name: model for name, model in found.items() if model.metadata["protocol"].startswith("rest")}


def operation(environ: dict[str, Any]) -> tuple[str, str] | None:
    """Service and operation of a request that is signed for SageMaker; None if it is signed for another service.

    Both are empty if no service has such a request."""
    signed = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if signed is None or signed["service"] not in _SIGNED:
        return None
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    matching = (
        (service, name) for service, name, verb, pattern in _routes() if verb == method and pattern.fullmatch(path)
    )
    return next(matching, ("", ""))


@cache
def _routes() -> list[tuple[str, str, str, re.Pattern[str]]]:
    return [
        (service, name, route["method"], _pattern(route["requestUri"]))
        for service, model in services().items()
        for name, route in _requests(model)
    ]


def _requests(model: ServiceModel) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, model.operation_model(name).http) for name in model.operation_names)


def _pattern(uri: str) -> re.Pattern[str]:
    """`/a/{Name}` takes one segment, `/a/{Name+}` several."""
    steps = re.split(r"(\{[^}]+\})", uri.partition("?")[0])
    parts = [(".+" if step.endswith("+}") else "[^/]+") if step.startswith("{") else re.escape(step) for step in steps]
    return re.compile("".join(parts))
