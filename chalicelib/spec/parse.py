"""`tuning.json`, read strictly, with everything that is wrong said at once. Pure."""

from typing import Any

from pydantic import ValidationError

from chalicelib.errors import Problem, Refused
from chalicelib.settings import Ceilings
from chalicelib.spec.json import read_object
from chalicelib.spec.model import TuningSpec
from chalicelib.spec.problems import in_our_words
from chalicelib.spec.rules import beyond_the_ceilings, broken_rules, combinations

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
