"""The operations Search and GetSearchSuggestions."""

from collections.abc import Iterator, Mapping
from typing import Any

from local_sagemaker.sagemaker.find import pages
from local_sagemaker.sagemaker.find.expression import check_conditions, expression_test, visible
from local_sagemaker.sagemaker.find.properties import Record, element, find, tags
from local_sagemaker.sagemaker.find.resources import SearchableResource
from local_sagemaker.sagemaker.protocol.errors import invalid

Resources = Mapping[str, SearchableResource]


def search(resources: Resources, request: Mapping[str, Any]) -> dict[str, Any]:
    """Search. No other account shares resources with this one, so `CrossAccount` finds none.

    Raises: ServiceError: the request does not fit the resource, or the local AWS does not have it."""
    resource, conditions = _resource(resources, request), request.get("VisibilityConditions", [])
    given = request.get("SearchExpression")
    is_wanted = expression_test(resource.shape, given) if given is not None else lambda _: True
    check_conditions(conditions)
    by = [find(resource.shape, name) for name in ([request["SortBy"]] if "SortBy" in request else resource.recency)]
    every = resource.records() if request.get("CrossAccountFilterOption") != "CrossAccount" else []
    hits = [record for record in every if is_wanted(record) and visible(record, conditions)]
    found, token = pages.page(hits, request, by, resource.arn)
    return {
        "Results": [{resource.member: record} for record in found],
        "TotalHits": {"Value": len(hits), "Relation": "EqualTo"},
        **({"NextToken": token} if token else {}),
    }


def suggestions(resources: Resources, request: Mapping[str, Any]) -> dict[str, Any]:
    """GetSearchSuggestions: the resource's property names that begin with the hint, in alphabetical order, among them
    the hyperparameters, metrics and tags that its records have."""
    resource = _resource(resources, request)
    hint = request.get("SuggestionQuery", {}).get("PropertyNameQuery", {}).get("PropertyNameHint", "")
    names = {*_names(resource.shape, "", ()), *(name for one in resource.records() for name in _own_names(one))}
    found = sorted(name for name in names if name.startswith(hint))
    return {"PropertyNameSuggestions": [{"PropertyName": name} for name in found]}


def _resource(resources: Resources, request: Mapping[str, Any]) -> SearchableResource:
    name = request["Resource"]
    if name not in resources:
        raise invalid(f"The local AWS does not search for the resource {name}, only for {', '.join(resources)}.")
    return resources[name]


def _names(shape: Any, prefix: str, above: tuple[str, ...]) -> Iterator[str]:
    """The names of all properties that have a value; shapes that contain themselves are not followed."""
    for name, member in shape.members.items():
        found = element(member)
        if found.type_name == "structure" and found.name not in above:
            yield from _names(found, f"{prefix}{name}.", (*above, found.name))
        elif found.type_name not in ("structure", "map"):
            yield prefix + name


def _own_names(record: Record) -> Iterator[str]:
    yield from (f"HyperParameters.{name}" for name in record.get("HyperParameters", ()))
    yield from (f"Metrics.{one['MetricName']}" for one in record.get("FinalMetricDataList", ()))
    yield from (f"Tags.{one['Key']}" for one in tags(record))
