"""Which properties only a new resource can have otherwise, out of CloudFormation's schemas as cfn-lint ships them."""

from collections.abc import Iterable

from cli.deploy.changes import ReplacementRules


def replacement_rules(types: Iterable[str], region: str) -> dict[str, ReplacementRules]:
    """By resource type; a type that the region's schemas do not know is left out."""
    # here, for it takes a second to import, and nothing else needs it
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

    found = {}
    for one in sorted(set(types)):
        try:
            schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, one).schema
        except ResourceNotFoundError:
            continue
        found[one] = ReplacementRules(
            _paths(schema.get("createOnlyProperties", ())),
            _paths(schema.get("conditionalCreateOnlyProperties", ())),
        )
    return found


def _paths(pointers: Iterable[str]) -> tuple[str, ...]:
    """`/properties/Code/properties/S3Key` is Code.S3Key here, and so is `/properties/Code/S3Key`."""
    return tuple(
        ".".join(part for part in pointer.split("/") if part not in ("", "properties", "*")) for pointer in pointers
    )
