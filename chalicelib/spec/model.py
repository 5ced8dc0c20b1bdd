"""The tuning spec as a model: its keys, their types and defaults. Pure.

Only `target` has no useful default. The stack's ceilings limit what a spec can request: permission to upload files must
not be permission to set the bill.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from chalicelib.algorithm import SEARCHES
from chalicelib.fold_rule import FoldRule


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class IntegerRange(_Strict):
    """Whole numbers from `min` to `max`."""

    type: Literal["integer"]
    min: int
    max: int
    scaling: Literal["Auto", "Linear", "Logarithmic"] = "Auto"


class ContinuousRange(_Strict):
    """Numbers from `min` to `max`."""

    type: Literal["continuous"]
    min: float
    max: float
    scaling: Literal["Auto", "Linear", "Logarithmic", "ReverseLogarithmic"] = "Auto"


class CategoricalRange(_Strict):
    """One of `values`."""

    type: Literal["categorical"]
    values: Annotated[
        tuple[Annotated[str, Field(max_length=256)], ...], Field(strict=False, min_length=1, max_length=30)
    ]


Range = IntegerRange | ContinuousRange | CategoricalRange
"""AWS: at most 30 categorical values of at most 256 characters (botocore's service model)."""


Column = Annotated[str, Field(min_length=1, max_length=2500)]
"""A column's name, which is sent as a hyperparameter. AWS: at most 2,500 characters (botocore's service model)."""
FoldCount = Annotated[int, Field(ge=2, le=20)]


class FoldsOfColumn(_Strict):
    """Folds that keep the groups of the column `by` together, or predict later rows in order of another column."""

    count: FoldCount
    by: Column | None = None
    in_order_of: Column | None = None


def _kind_of_folds(given: Any) -> str:
    return "object" if isinstance(given, dict | FoldsOfColumn) else "number"


class Completion(_Strict):
    """When to end before all training jobs have run."""

    target_objective: float | None = None
    not_improving_jobs: Annotated[int, Field(ge=3)] | None = None
    on_convergence: bool = False


RANGES: dict[str, type[Range]] = {
    "integer": IntegerRange,
    "continuous": ContinuousRange,
    "categorical": CategoricalRange,
}


def _usual_ranges(given: dict[str, Any]) -> dict[str, Range]:
    """Return the default ranges, without the hyperparameters that `static` fixes."""
    fixed = given.get("static", {})
    searched = SEARCHES.get(given.get("search", "default"), {})
    wanted = {name: bounds for name, bounds in searched.items() if name not in fixed}
    return {name: RANGES[bounds["type"]].model_validate(bounds) for name, bounds in wanted.items()}


def _known_search(name: str) -> str:
    if name not in SEARCHES:
        raise PydanticCustomError("unknown_search", "{known}", {"known": " or ".join(SEARCHES)})
    return name


class TuningSpec(_Strict):
    """What to tune, and within which limits. Times are in seconds, money in US dollars."""

    target: Column
    search: Annotated[str, AfterValidator(_known_search)] = "default"
    static: dict[str, Annotated[str, Field(max_length=2500)]] = Field(default_factory=dict)
    ranges: dict[str, Annotated[Range, Field(discriminator="type")]] = Field(default_factory=_usual_ranges)
    strategy: Literal["Bayesian", "Random", "Grid"] = "Bayesian"
    max_jobs: int = 9
    """An upper limit. `parse_spec` lowers the default to the number of combinations, and sets it to that for a grid."""
    max_parallel_jobs: Annotated[int, Field(ge=1)] = 3
    instance_type: str = "ml.m5.large"
    max_runtime_s: Annotated[int, Field(ge=1)] = 3600
    folds: Annotated[
        Annotated[FoldCount, Tag("number")] | Annotated[FoldsOfColumn, Tag("object")], Discriminator(_kind_of_folds)
    ] = 5
    missing: Literal["error", "drop", "impute"] = "error"
    """How the container handles missing values."""
    seed: Annotated[int, Field(ge=0, le=2147483647)] | None = None
    spot: bool = False
    completion: Completion = Completion()
    max_cost_usd: Annotated[float, Field(gt=0)] | None = None
    on_new_data: Literal["queue", "supersede"] = "queue"
    start: Literal["settled", "marker"] = "settled"
    retune_on_new_image: bool = False
    tags: dict[str, str] = Field(default_factory=dict)
    notify: bool = True

    def fold_rule(self) -> FoldRule:
        """Return how rows are divided into folds, whichever form `folds` has."""
        if isinstance(self.folds, int):
            return FoldRule(self.folds)
        return FoldRule(self.folds.count, self.folds.by, self.folds.in_order_of)

    def training_keys(self) -> dict[str, Any]:
        """Return the keys that the user set and that change what is trained: they are part of the fingerprint.

        Excluded: caps, parallelism, the instance, spot, notification and tags; also defaults, so that a new release
        re-tunes nothing."""
        given = self.model_dump(mode="json", exclude_unset=True)
        return {key: value for key, value in given.items() if key in _TRAINING_KEYS}


_TRAINING_KEYS = {
    "target", "search", "ranges", "static", "strategy", "max_jobs", "folds", "missing", "seed", "completion",
}  # fmt: skip
