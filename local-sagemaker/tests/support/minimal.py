"""The smallest request that a client sends for an operation: required members only, as short as their limits allow."""

from typing import Any


def minimal(shape: Any) -> Any:
    """A value of that shape. Patterns and enumerations are not looked at, and neither does botocore."""
    kind, limits = shape.type_name, shape.metadata
    least = limits.get("min", 0)
    if kind == "structure":
        union = list(shape.members)[:1] if getattr(shape, "is_tagged_union", False) else []
        return {name: minimal(shape.members[name]) for name in [*shape.required_members, *union]}
    if kind == "list":
        return [minimal(shape.member) for _ in range(least)]
    if kind == "map":
        return {f"key{n}": minimal(shape.value) for n in range(least)}
    if kind == "string":
        return limits["enum"][0] if "enum" in limits else "a" * max(1, least)
    return {"boolean": False, "blob": b"", "timestamp": 0}.get(kind, least)
