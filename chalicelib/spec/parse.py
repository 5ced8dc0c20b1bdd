"""The tuning spec: `tuning.json`, read strictly, with everything that is wrong said at once. Pure.

Only `target` has no useful default. The stack's ceilings bound what a spec can ask for: who may drop files must not set
the bill.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib.algorithm import SEARCHED
from chalicelib.ceilings import Ceilings
from chalicelib.errors import Problem, Refused
from chalicelib.spec.json import read_object
from chalicelib.spec.problems import in_our_words
from chalicelib.spec.rules import beyond_the_ceilings, broken_rules, combinations


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


class Completion(_Strict):
    """When to end before all training jobs were made."""

    target_objective: float | None = None
    not_improving_jobs: Annotated[int, Field(ge=3)] | None = None
    on_convergence: bool = False


_RANGES: dict[str, type[Range]] = {
    "integer": IntegerRange,
    "continuous": ContinuousRange,
    "categorical": CategoricalRange,
}


def _usual_ranges(given: dict[str, Any]) -> dict[str, Range]:
    """What is searched when nobody says, less what `static` fixes."""
    fixed = given.get("static", {})
    wanted = {name: bounds for name, bounds in SEARCHED.items() if name not in fixed}
    return {name: _RANGES[bounds["type"]].model_validate(bounds) for name, bounds in wanted.items()}


class TuningSpec(_Strict):
    """What to tune and how far to go. Times are seconds, money is US dollars."""

    target: Annotated[str, Field(min_length=1, max_length=2500)]
    static: dict[str, Annotated[str, Field(max_length=2500)]] = Field(default_factory=dict)
    ranges: dict[str, Annotated[Range, Field(discriminator="type")]] = Field(default_factory=_usual_ranges)
    strategy: Literal["Bayesian", "Random", "Grid"] = "Bayesian"
    max_jobs: int = 9
    """At most; `parse_spec` lowers the default to what the ranges can give, and makes a grid's all that it has."""
    max_parallel_jobs: Annotated[int, Field(ge=1)] = 3
    instance_type: str = "ml.m5.large"
    max_runtime_s: Annotated[int, Field(ge=1)] = 3600
    folds: Annotated[int, Field(ge=2, le=20)] = 5
    missing: Literal["error", "drop", "impute"] = "error"
    """What the container does about missing values."""
    seed: Annotated[int, Field(ge=0, le=2147483647)] | None = None
    spot: bool = False
    completion: Completion = Completion()
    max_cost_usd: Annotated[float, Field(gt=0)] | None = None
    on_new_data: Literal["queue", "supersede"] = "queue"
    start: Literal["settled", "marker"] = "settled"
    retune_on_new_image: bool = False
    tags: dict[str, str] = Field(default_factory=dict)
    notify: bool = True

    def training_keys(self) -> dict[str, Any]:
        """The keys that the user set and that change what is trained: they are part of the fingerprint.

        Not in it: caps, how many run at once, the instance, spot, notification, tags; nor defaults, so that a new
        release re-tunes nothing."""
        given = self.model_dump(mode="json", exclude_unset=True)
        return {key: value for key, value in given.items() if key in _TRAINING_KEYS}


_TRAINING_KEYS = {
    "target", "ranges", "static", "strategy", "max_jobs", "folds", "missing", "seed", "completion",
}  # fmt: skip

_RELATED_KEYS = {"ranges", "static", "strategy", "max_jobs", "max_parallel_jobs"}


def parse_spec(raw: bytes, ceilings: Ceilings) -> TuningSpec:
    """The tuning spec in `raw`. Raises: Refused: with every problem that there is, each naming its key."""
    given = read_object(raw)
    try:
        spec = _complete(TuningSpec.model_validate(given))
    except ValidationError as error:
        problems = (*in_our_words(error, given), *_problems_beside(error, given, ceilings))
        raise Refused(problems) from error
    if problems := _problems(spec, ceilings):
        raise Refused(problems)
    return spec


def _complete(spec: TuningSpec) -> TuningSpec:
    """With as many training jobs as the ranges can give, where nobody said how many."""
    points = combinations(spec)
    if points and "max_jobs" not in spec.model_fields_set and (spec.strategy == "Grid" or points < spec.max_jobs):
        return spec.model_copy(update={"max_jobs": points})
    return spec


def _problems(spec: TuningSpec, ceilings: Ceilings) -> tuple[Problem, ...]:
    return (*broken_rules(spec), *beyond_the_ceilings(spec, ceilings))


def _problems_beside(error: ValidationError, given: dict[str, Any], ceilings: Ceilings) -> tuple[Problem, ...]:
    """What the sound keys break, beside keys that are not: unless rules relate them, and would mislead."""
    unsound = {found["loc"][0] for found in error.errors() if found["type"] != "default_factory_not_called"}
    if unsound & _RELATED_KEYS:
        return ()
    sound = {name: value for name, value in given.items() if name not in unsound}
    return _problems(_complete(TuningSpec.model_validate({"target": "y", **sound})), ceilings)
