"""Read `tuning.json` strictly and report all of its problems at once. Pure."""

from typing import Any

from pydantic import ValidationError

from chalicelib.errors import Problem, Refused
from chalicelib.settings import Ceilings
from chalicelib.spec.json import read_object
from chalicelib.spec.model import TuningSpec
from chalicelib.spec.problems import in_our_words
from chalicelib.spec.ranges import written_out
from chalicelib.spec.rules import beyond_the_ceilings, broken_rules, combinations

_RELATED_KEYS = {"ranges", "static", "strategy", "max_jobs", "max_parallel_jobs"}


def parse_spec(raw: bytes, ceilings: Ceilings) -> TuningSpec:
    """Return the tuning spec in `raw`. Raises: Refused: with every problem, each naming its key."""
    given = written_out(read_object(raw))
    try:
        spec = _complete(TuningSpec.model_validate(given))
    except ValidationError as error:
        problems = (*in_our_words(error, given), *_problems_beside(error, given, ceilings))
        raise Refused(problems) from error
    if problems := _problems(spec, ceilings):
        raise Refused(problems)
    return spec


def _complete(spec: TuningSpec) -> TuningSpec:
    """Limit `max_jobs` to the number of combinations, unless the spec sets it."""
    points = combinations(spec)
    if points and "max_jobs" not in spec.model_fields_set and (spec.strategy == "Grid" or points < spec.max_jobs):
        return spec.model_copy(update={"max_jobs": points})
    return spec


def _problems(spec: TuningSpec, ceilings: Ceilings) -> tuple[Problem, ...]:
    return (*broken_rules(spec), *beyond_the_ceilings(spec, ceilings))


def _problems_beside(error: ValidationError, given: dict[str, Any], ceilings: Ceilings) -> tuple[Problem, ...]:
    """Return the rules that the valid keys break, unless an invalid key is related to others and would mislead."""
    invalid = {found["loc"][0] for found in error.errors() if found["type"] != "default_factory_not_called"}
    if invalid & _RELATED_KEYS:
        return ()
    valid = {name: value for name, value in given.items() if name not in invalid}
    return _problems(_complete(TuningSpec.model_validate({"target": "y", **valid})), ceilings)
