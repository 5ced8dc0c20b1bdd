"""The tuning spec: what is understood, and how each thing that is not is told."""

import json
from typing import Any

import pytest

from chalicelib.fold_rule import FoldRule
from chalicelib.spec.model import CategoricalRange, ContinuousRange, IntegerRange, TuningSpec
from tests.support.specs import continuous, integer, refusals, sentences, spec

DEGREE = 'as in "degree": [<min>, <max>]'
FOLDS = 'as in {"count": 5, "by": "<column>"}'
HYPERBAND = "Hyperband and early stopping need intermediate objectives; this container reports one, at the end"


def test_a_target_is_enough() -> None:
    usual = spec()
    assert usual.ranges == {
        "degree": IntegerRange(type="integer", min=1, max=2),
        "thresh": ContinuousRange(type="continuous", min=0.00001, max=0.01, scaling="Logarithmic"),
    }
    assert (usual.strategy, usual.max_jobs, usual.max_parallel_jobs) == ("Bayesian", 9, 3)
    assert (usual.instance_type, usual.max_runtime_s, usual.folds) == ("ml.m5.large", 3600, 5)
    assert (usual.on_new_data, usual.start, usual.spot, usual.notify) == ("queue", "settled", False, True)
    assert (usual.seed, usual.max_cost_usd, usual.tags) == (None, None, {})


def test_training_keys_are_those_that_were_set_and_change_what_is_trained() -> None:
    capped = spec(tags={"a": "b"}, max_runtime_s=60, max_parallel_jobs=1, notify=False, spot=True, max_cost_usd=1)
    assert capped.training_keys() == {"target": "y"}
    trained = spec(folds=5, seed=1, static={"prune": "TRUE"}, ranges={"degree": integer(1, 10)})
    assert trained.training_keys() == {
        "target": "y",
        "folds": 5,
        "seed": 1,
        "static": {"prune": "TRUE"},
        "ranges": {"degree": {"type": "integer", "min": 1, "max": 10}},
    }


def test_folds_of_a_column_are_training_keys_as_they_were_written() -> None:
    grouped = {"count": 5, "by": "customer"}
    ordered = {"count": 4, "in_order_of": "day"}

    assert spec(folds=grouped).training_keys() == {"target": "y", "folds": grouped}
    assert spec(folds=ordered).training_keys() == {"target": "y", "folds": ordered}


def test_the_rule_of_the_folds_is_the_same_for_every_form() -> None:
    assert spec().fold_rule() == FoldRule(5)
    assert spec(folds=4).fold_rule() == FoldRule(4)
    assert spec(folds={"count": 5, "by": "customer"}).fold_rule() == FoldRule(5, by="customer")
    assert spec(folds={"count": 5, "in_order_of": "day"}).fold_rule() == FoldRule(5, in_order_of="day")


def test_short_ranges_are_the_long_ones_with_the_algorithms_type_and_scaling() -> None:
    short = spec(ranges={"degree": [1, 3], "thresh": [0.001, 0.01], "prune": ["TRUE", "FALSE"], "nk": ["21", "41"]})
    long = spec(
        ranges={
            "degree": integer(1, 3),
            "thresh": {"type": "continuous", "min": 0.001, "max": 0.01, "scaling": "Logarithmic"},
            "prune": {"type": "categorical", "values": ["TRUE", "FALSE"]},
            "nk": {"type": "categorical", "values": ["21", "41"]},
        }
    )
    assert short == long
    assert short.training_keys() == long.training_keys()


def test_a_search_by_name_has_that_searchs_ranges() -> None:
    classic = spec(search="classic")
    assert classic.ranges == {
        "degree": IntegerRange(type="integer", min=1, max=3),
        "thresh": ContinuousRange(type="continuous", min=0.001, max=0.01),
        "prune": CategoricalRange(type="categorical", values=("TRUE", "FALSE")),
    }
    assert classic.training_keys() == {"target": "y", "search": "classic"}


def test_a_value_that_is_fixed_is_no_longer_searched() -> None:
    fixed = spec(static={"degree": "2"})
    assert list(fixed.ranges) == ["thresh"]
    assert fixed.training_keys() == {"target": "y", "static": {"degree": "2"}}


def test_a_byte_order_mark_is_no_fault() -> None:
    assert sentences(b'\xef\xbb\xbf{"target": "y"}') == []


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{\n"target": y}', "`tuning.json` line 2 column 11 is not valid JSON (Expecting value)"),
        (b"", "`tuning.json` line 1 column 1 is not valid JSON (Expecting value)"),
        ('{"target": "y"}'.encode("utf-16"), "`tuning.json` is UTF-16: save it as UTF-8."),
        ('{"target": "y"}'.encode("utf-16-le"), "`tuning.json` is UTF-16: save it as UTF-8."),
        (b'{"target": "caf\xe9"}', "`tuning.json` is not UTF-8 (byte 15): save it as UTF-8."),
        (b'{"target": "y", "target": "z"}', "`tuning.json`: duplicate key `target`: keep one of them."),
        (b'{"target": "y", "tags": {"a": "1", "a": "1"}}', "duplicate key `a`"),
        (b'["y"]', '`tuning.json` must be a JSON object: for example {"target": "<column>"}.'),
        (b'{"target": "y", "max_cost_usd": NaN}', "`tuning.json`: NaN is not allowed: use a finite number."),
        (b'{"target": "y", "max_cost_usd": -Infinity}', "-Infinity is not allowed"),
        (b'{"target": "y", "seed": ' + b"9" * 5000 + b"}", "999… is too large: use at most 15 digits."),
        (b"[" * 100_000, "`tuning.json` is nested too deeply"),
        (b'{"target": "\\ud800"}', "\\ud800 is an unpaired surrogate"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "duplicate key"),
        (b" " * 300_000 + b'{"target": "y"}', "`tuning.json` has 300015 bytes, but at most 262144 are allowed"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_no_json_object_is_refused_saying_where(raw: bytes, said: str) -> None:
    (sentence,) = sentences(raw)
    assert said in sentence
    sentence.encode()


def test_a_missing_target_names_the_fix() -> None:
    assert sentences(b"{}") == [
        '`tuning.json`: `target` is missing: name the column to predict, as in {"target": "<column>"}.'
    ]


def test_rules_are_checked_beside_unsound_keys_too() -> None:
    wrong = {"max_job": 3, "folds": "5", "ranges": {"degree": integer(0, 3)}, "instance_type": "ml.p4d.24xlarge"}
    assert sorted(sentences(json.dumps(wrong).encode())) == [
        f'`tuning.json`: `folds` must be a whole number or an object, not "5": {FOLDS}.',
        "`tuning.json`: `instance_type` must be one of ml.m5.large, ml.m5.xlarge in this stack, not ml.p4d.24xlarge.",
        f"`tuning.json`: `ranges.degree.min` must be a whole number from 1 to 10, not 0: {DEGREE}.",
        '`tuning.json`: `target` is missing: name the column to predict, as in {"target": "<column>"}.',
        "`tuning.json`: unknown key `max_job`: did you mean `max_jobs`?",
    ]


def test_rules_that_relate_keys_wait_until_each_is_sound() -> None:
    """With 20 jobs, ten at a time would be right; with the default of 9 they would not."""
    (sentence,) = refusals(max_jobs="20", max_parallel_jobs=10)
    assert "`max_jobs` must be a whole number" in sentence


def test_everything_wrong_is_said_at_once_each_with_its_path() -> None:
    wrong = {"max_job": 3, "folds": "5", "ranges": {"degree": {"type": "integer", "min": 1, "mx": 3}}}
    assert sorted(sentences(json.dumps(wrong).encode())) == [
        f'`tuning.json`: `folds` must be a whole number or an object, not "5": {FOLDS}.',
        "`tuning.json`: `ranges.degree.max` is missing: a range needs `type`, and either `min` and `max` or "
        '`values`; or its short form, as in "degree": [<min>, <max>].',
        '`tuning.json`: `target` is missing: name the column to predict, as in {"target": "<column>"}.',
        "`tuning.json`: unknown key `max_job`: did you mean `max_jobs`?",
        "`tuning.json`: unknown key `ranges.degree.mx`: a range has type, min, max, scaling or values; or its short "
        f"form, {DEGREE}.",
    ]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"max_jobs": True}, "`max_jobs` must be a whole number, not true."),
        ({"max_jobs": 9.0}, "`max_jobs` must be a whole number, not 9.0."),
        ({"spot": 1}, "`spot` must be true or false, not 1."),
        ({"spot": "true"}, '`spot` must be true or false, not "true".'),
        ({"target": 5}, '`target` must be a string, not 5: write "5".'),
        ({"target": ""}, '`target` must be at least 1 character long, not "".'),
        ({"folds": 1}, "`folds` must be at least 2, not 1."),
        ({"folds": 21}, "`folds` must be at most 20, not 21."),
        ({"folds": [5]}, f"`folds` must be a whole number or an object, not [5]: {FOLDS}."),
        ({"folds": 5.0}, f"`folds` must be a whole number or an object, not 5.0: {FOLDS}."),
        ({"folds": {"by": "g"}}, f"`folds.count` is missing: {FOLDS}."),
        ({"folds": {"count": "5", "by": "g"}}, '`folds.count` must be a whole number, not "5".'),
        ({"folds": {"count": 21, "by": "g"}}, "`folds.count` must be at most 20, not 21."),
        ({"folds": {"count": 5, "by": ""}}, '`folds.by` must be at least 1 character long, not "".'),
        ({"folds": {"count": 5, "by": "g" * 2501}}, "`folds.by` must be at most 2500 characters long, not"),
        ({"folds": {"count": 5, "by": ["g"]}}, '`folds.by` must be a string, not ["g"].'),
        ({"folds": {"count": 5, "bye": "g"}}, "unknown key `folds.bye`: did you mean `by`?"),
        ({"folds": {"count": 5, "zzz": "g"}}, "unknown key `folds.zzz`: the valid keys are count, by, in_order_of."),
        ({"seed": -1}, "`seed` must be at least 0, not -1."),
        ({"max_cost_usd": 0}, "`max_cost_usd` must be greater than 0, not 0."),
        ({"on_new_data": "ignore"}, '`on_new_data` must be queue or supersede, not "ignore".'),
        ({"strategy": "Hyperband"}, f'`strategy` must be Bayesian, Random or Grid, not "Hyperband": {HYPERBAND}.'),
        ({"early_stopping": "Auto"}, f"unknown key `early_stopping`: {HYPERBAND}."),
        ({"warm_start": True}, "unknown key `warm_start`: warm starts are not supported."),
        ({"completion": {"not_improving_jobs": 2}}, "`completion.not_improving_jobs` must be at least 3, not 2."),
        (
            {"completion": {"on_convergance": True}},
            "unknown key `completion.on_convergance`: did you mean `on_convergence`?",
        ),
        ({"ranges": []}, '`ranges` must be an object, not []: as in "degree": [<min>, <max>].'),
        (
            {"ranges": {"degre": [1, 3]}},
            "`ranges.degre` is not a hyperparameter of the container: did you mean `degree`?",
        ),
        (
            {"ranges": {"degree": 3}},
            '`ranges.degree` must be a short range or an object, not 3: as in "degree": [<min>',
        ),
        ({"ranges": {"degree": [1]}}, '`ranges.degree` must be a short range or an object, not [1]: as in "degree"'),
        ({"ranges": {"degree": [1, True]}}, "`ranges.degree` must be a short range or an object, not [1, true]"),
        ({"ranges": {"prune": [True, False]}}, 'not [true, false]: as in "prune": ["TRUE", "FALSE"].'),
        ({"ranges": {"degree": [1.5, 3]}}, "`ranges.degree.min` must be a whole number, not 1.5"),
        ({"search": "clasic"}, '`search` must be default or classic, not "clasic".'),
        ({"search": 5}, '`search` must be a string, not 5: write "5".'),
        ({"ranges": {"degree": {"min": 1, "max": 3}}}, "`ranges.degree.type` is missing"),
        ({"ranges": {"degree": {"type": "int"}}}, "must be of type integer, continuous or categorical, not"),
        ({"ranges": {"degree": integer(1.5, 3)}}, "`ranges.degree.min` must be a whole number, not 1.5: as in"),
        ({"ranges": {"degree": integer(1, 3, scaling="Log")}}, "must be Auto, Linear or Logarithmic, not"),
        (
            {"ranges": {"prune": {"type": "categorical", "values": []}}},
            "must be a list of at least 1 value, not []: as",
        ),
        (
            {"ranges": {"prune": {"type": "categorical", "values": "TRUE"}}},
            '`values` must be a list, not "TRUE": as',
        ),
        ({"ranges": {"prune": {"type": "categorical", "values": [True]}}}, 'a string, not true: write "TRUE", or'),
        ({"ranges": {"nk": integer(3, 9, mx=1)}}, "unknown key `ranges.nk.mx`: a range has type, min, max, scaling or"),
        ({"tags": {"a": 5}}, '`tags.a` must be a string, not 5: write "5".'),
        ({"target": ["y" * 100]}, f'`target` must be a string, not ["{"y" * 38}….'),
    ],
    ids=str,
)
def test_a_wrong_value_is_told_with_its_path_and_what_it_must_be(keys: dict[str, Any], said: str) -> None:
    (sentence,) = refusals(**keys)
    assert sentence.startswith("`tuning.json`: ")
    assert said.replace("`values`", "`ranges.prune.values`") in sentence


@pytest.mark.parametrize("key", TuningSpec.model_fields)
def test_every_key_of_the_spec_is_suggested_to_a_person_who_misspells_it(key: str) -> None:
    assert any(f"did you mean `{key}`?" in sentence for sentence in refusals(**{f"{key}_": 1}))


def test_a_key_unlike_any_other_is_answered_with_the_keys_that_there_are() -> None:
    (of_the_spec,) = refusals(zzz=1)

    assert of_the_spec.endswith(f"the valid keys are {', '.join(TuningSpec.model_fields)}.")


@pytest.mark.parametrize(
    "bounds",
    [
        *(3, "1-3", None, {}, [], [1], [1, 2, 3], [1.5, 2], ["1", 2], [True, 3], [3, 1], [0, 3], [1, 11], ["1", "x"]),
        *(["1", "1"], [2, 2], {"min": 1, "max": 3}, {"type": "int"}, {"type": "integer", "min": 1}),
        *(
            integer(1, 3, step=1),
            integer(1, 3, scaling="log"),
            continuous(1, 3),
            {"type": "categorical", "values": [1]},
        ),
    ],
    ids=str,
)
def test_every_refusal_of_a_range_shows_the_short_form(bounds: Any) -> None:
    said = refusals(ranges={"degree": bounds})

    assert said
    assert all(DEGREE in sentence for sentence in said)
