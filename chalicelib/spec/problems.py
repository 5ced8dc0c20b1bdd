"""pydantic's findings in our words: the key's path, what it must be, what it is, and the key that was meant. Pure."""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from chalicelib.errors import Problem

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

WHERE = "`tuning.json`:"
TARGET_IS_MISSING = "`target` is missing"
ONE_AT_THE_END = "Hyperband and early stopping need objectives along the way; this container prints one, at its end"
NOT_OFFERED = {
    "warm_start": "every search starts cold",
    "instance_count": "a training job has one instance",
    "early_stopping": ONE_AT_THE_END,
    "training_job_early_stopping_type": ONE_AT_THE_END,
    "role": "the role is the stack's alone",
    "image": "the image is the stack's alone",
    "objective": "the objective is `mse`, measured out of sample",
}
_SHOWN = 40
_TYPES = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "a text",
    "bool_type": "true or false",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "tuple_type": "a list",
    "list_type": "a list",
}


def in_our_words(error: "ValidationError", given: Mapping[str, Any]) -> tuple[Problem, ...]:
    """One problem for each finding that a person can mend: the others only follow from those."""
    findings = [found for found in error.errors(include_url=False) if found["type"] != "default_factory_not_called"]
    inner = {found["loc"][:-1] for found in findings}
    return tuple(_problem(found) for found in findings if found["type"] != "too_short" or found["loc"] not in inner)


def _problem(found: "ErrorDetails") -> Problem:
    path = _path(found["loc"])
    key = f"`{'.'.join(path)}`"
    kind, context = found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        return Problem(WHERE, f"there is no key {key}", _meant(path))
    if kind == "missing" and path == ["target"]:
        return Problem(WHERE, TARGET_IS_MISSING, 'say which column to predict: {"target": "<column>"}')
    if kind in ("missing", "union_tag_not_found"):
        missing = key if kind == "missing" else f"`{'.'.join(path)}.type`"
        return Problem(WHERE, f"{missing} is missing", "a range has `type` and `min`, `max` or `values`")
    must = _must_be(kind, context)
    fix = ONE_AT_THE_END if found["input"] == "Hyperband" else _as_text(kind, found["input"])
    return Problem(WHERE, f"{key} must be {must}, not {_shown(found['input'])}", fix)


def _path(location: tuple[int | str, ...]) -> list[str]:
    """The key's path: below a range's name pydantic counts the range's type as a step."""
    steps = [step if len(step) <= _SHOWN else f"{step[:_SHOWN]}…" for step in map(str, location)]
    return steps[:2] + steps[3:] if steps[0] == "ranges" else steps


def _as_text(kind: str, value: Any) -> str:
    if kind != "string_type" or not isinstance(value, bool | int | float):
        return ""
    return f'write "{str(value).upper() if isinstance(value, bool) else value}"'


def _must_be(kind: str, context: Mapping[str, Any]) -> str:
    if kind in _TYPES:
        return _TYPES[kind]
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "")
    if kind == "union_tag_invalid":
        return "of type integer, continuous or categorical"
    bounds = {
        "greater_than_equal": ("ge", "at least {}"),
        "less_than_equal": ("le", "at most {}"),
        "greater_than": ("gt", "greater than {:g}"),
        "string_too_short": ("min_length", "at least {} character long"),
        "string_too_long": ("max_length", "at most {} characters long"),
        "too_short": ("min_length", "a list of at least {}"),
        "too_long": ("max_length", "a list of at most {}"),
    }
    name, words = bounds.get(kind, ("", kind.replace("_", " ")))
    return words.format(context.get(name))


def _meant(path: list[str]) -> str:
    key = path[-1]
    if key in NOT_OFFERED:
        return NOT_OFFERED[key]
    known = _keys_beside(path)
    close = get_close_matches(key, known, n=1, cutoff=0.5)
    return f"did you mean `{close[0]}`?" if close else f"the keys are {', '.join(known)}"


def _keys_beside(path: list[str]) -> tuple[str, ...]:
    """The keys that there are where this one is not."""
    from chalicelib.spec.model import RANGES, Completion, TuningSpec  # brings pydantic, which only a bad spec needs

    kinds: tuple[type[BaseModel], ...] = (TuningSpec,)
    if len(path) > 1:
        kinds = {"completion": (Completion,), "ranges": tuple(RANGES.values())}.get(path[0], kinds)
    return tuple(dict.fromkeys(key for kind in kinds for key in kind.model_fields))


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
