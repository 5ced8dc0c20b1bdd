"""The rules for changes of an endpoint."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from local_sagemaker.sagemaker.hosting.resources.records import IN_SERVICE, Endpoint
from local_sagemaker.sagemaker.hosting.serverless import rules as serverless
from local_sagemaker.sagemaker.jobs.statuses import FAILED
from local_sagemaker.sagemaker.protocol.errors import invalid


def check_can_be_updated(endpoint: Endpoint) -> None:
    """ "DeleteEndpoint is the only operation that can be performed on a failed endpoint" (DescribeEndpoint).

    Raises: ServiceError: ValidationException."""
    if endpoint.status == FAILED:
        raise invalid(f'Cannot update failed endpoint "{endpoint.arn}": it can only be deleted.')
    check_can_be_deleted(endpoint)


def check_can_be_deleted(endpoint: Endpoint) -> None:
    """Raises: ServiceError: ValidationException: a change is in progress."""
    if endpoint.status not in (IN_SERVICE, FAILED):
        raise invalid(f'Cannot update in-progress endpoint "{endpoint.arn}".')


def check_variants(endpoint: Endpoint, changes: Sequence[Mapping[str, Any]]) -> None:
    """Raises: ServiceError: ValidationException: a variant does not exist, or is named twice."""
    there = {variant["VariantName"] for variant in endpoint.variants}
    names = [change["VariantName"] for change in changes]
    unknown = sorted(set(names) - there)
    if unknown:
        raise invalid(f'The endpoint "{endpoint.arn}" has no production variants {unknown}.')
    if len(set(names)) < len(names):
        raise invalid("Each production variant can be changed only once in a request.")
    serverless.check_changes(endpoint.variants, changes)


def retained(
    variants: Iterable[Mapping[str, Any]], before: Iterable[Mapping[str, Any]], request: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The new variants, with the weights and instances of their predecessors of the same name if these are retained."""
    known = {variant["VariantName"]: variant for variant in before}
    excluded = {one["VariantPropertyType"] for one in request.get("ExcludeRetainedVariantProperties", [])}
    members = {"DesiredWeight": "CurrentWeight", "DesiredInstanceCount": "CurrentInstanceCount"}
    kept = [members[one] for one in members if request.get("RetainAllVariantProperties") and one not in excluded]
    return [
        {
            **new,
            **{m: known[new["VariantName"]][m] for m in kept if m in new and m in known.get(new["VariantName"], {})},
        }
        for new in variants
    ]
