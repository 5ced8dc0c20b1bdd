"""Whatever `tuning.json` holds, it is a tuning spec or a refusal that a person can read."""

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.spec.model import TuningSpec
from chalicelib.spec.parse import parse_spec
from tests.support.specs import CEILINGS, sentences

TEXTS = st.one_of(st.sampled_from(["TRUE", "2", "0.5", "categorical", "integer", "Grid"]), st.text(max_size=5))
NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from([1, 3, 0.001, 0.01, 0, -1, 10**14]))
LEAVES = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none())
RANGES = st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "continuous", "categorical"])},
    optional={"min": NUMBERS, "max": NUMBERS, "values": st.lists(TEXTS, max_size=4), "scaling": TEXTS, "x": LEAVES},
)
NAMES = st.sampled_from(["degree", "thresh", "prune", "degre", "target", "integer", ""])
VALUES = st.one_of(LEAVES, st.lists(LEAVES, max_size=3), st.dictionaries(NAMES, st.one_of(RANGES, LEAVES), max_size=3))
FOLDS = st.dictionaries(st.sampled_from(["count", "by", "in_order_of", "cout"]), st.one_of(LEAVES, NUMBERS), max_size=4)
KEYS = st.sampled_from([*TuningSpec.model_fields, "max_job", "", "é"])
PYDANTICS_WORDS = re.compile(r"Input should|Field required|valid (integer|number|string)|default.factory|union.tag")


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_object_is_a_spec_or_is_refused_in_our_words(given_spec: dict[str, Any]) -> None:
    for sentence in sentences(json.dumps({"target": "y", **given_spec}).encode()):
        assert sentence.startswith("`tuning.json`")
        assert not PYDANTICS_WORDS.search(sentence)
        sentence.encode()


@given(FOLDS)
def test_any_folds_are_taken_or_refused_in_our_words(folds: dict[str, Any]) -> None:
    for sentence in sentences(json.dumps({"target": "y", "folds": folds}).encode()):
        assert sentence.startswith("`tuning.json`")
        assert not PYDANTICS_WORDS.search(sentence)


@given(st.one_of(st.binary(max_size=40), st.text(max_size=40).map(str.encode)))
def test_any_bytes_at_all_are_answered(raw: bytes) -> None:
    assert sentences(raw)


@given(st.integers(-5, 30), st.integers(-5, 30))
def test_an_integer_range_is_taken_exactly_when_the_container_takes_it(least: int, most: int) -> None:
    spec = {"target": "y", "ranges": {"degree": {"type": "integer", "min": least, "max": most}}}
    assert (sentences(json.dumps(spec).encode()) == []) == (1 <= least < most <= 10)


@given(st.permutations(["target", "folds", "seed", "max_jobs"]))
def test_training_keys_do_not_know_the_keys_order(order: list[str]) -> None:
    values = {"target": "y", "folds": 4, "seed": 7, "max_jobs": 12}
    raw = json.dumps({key: values[key] for key in order}).encode()
    assert parse_spec(raw, CEILINGS).training_keys() == values
