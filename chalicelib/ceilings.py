"""The stack's own limits: what no tuning spec can raise. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ceilings:
    """`max_cost_usd` is for one tuning job; None: no cap."""

    max_jobs: int
    max_parallel_jobs: int
    max_runtime_s: int
    instance_types: tuple[str, ...]
    max_cost_usd: float | None
