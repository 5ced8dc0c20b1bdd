"""Beyond types: AWS's rules, the container's, and the stack's ceilings."""

from typing import Any

import pytest

from chalicelib.settings import Ceilings
from tests.support.specs import ROOMY, categorical, continuous, integer, refusals, spec

DEGREES = categorical(*map(str, range(1, 11)))
THRESHES = categorical(*(f"0.{number:03d}" for number in range(1, 31)))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"max_jobs": 0}, "`max_jobs` must be from 1 to 750, not 0."),
        ({"max_jobs": 751}, "`max_jobs` must be from 1 to 750, not 751."),
        ({"strategy": "Random", "max_jobs": 10_001}, "`max_jobs` must be from 1 to 10000, not 10001."),
        ({"max_jobs": 2, "max_parallel_jobs": 3}, "`max_parallel_jobs` must be at most `max_jobs`, 2, not 3."),
        ({"search": "classic", "ranges": {"degree": integer(1, 3)}}, "`search` names the ranges, and `ranges` lists"),
        ({"ranges": {"degree": integer(3, 1)}}, "`ranges.degree.min` must be at most its `max`, 1, not 3: as in"),
        (
            {"ranges": {"degree": integer(0, 3)}},
            "`ranges.degree.min` must be a whole number from 1 to 10, not 0: as in",
        ),
        (
            {"ranges": {"degree": integer(1, 11)}},
            "`ranges.degree.max` must be a whole number from 1 to 10, not 11: as in",
        ),
        ({"ranges": {"degree": continuous(1, 3)}}, "`ranges.degree.type` must be integer or categorical"),
        ({"ranges": {"thresh": integer(0, 1)}}, "`ranges.thresh.type` must be continuous or categorical"),
        ({"ranges": {"thresh": continuous(0.1, 1)}}, "`ranges.thresh.max` must be greater than 0 and less than 1"),
        ({"ranges": {"thresh": categorical("0.1", "0_1")}}, "must be greater than 0 and less than 1, not 0_1: as in"),
        ({"ranges": {"prune": categorical("TRUE", "yes")}}, "must be TRUE or FALSE, not yes: as in"),
        ({"ranges": {"degree": categorical("1", "1")}}, "`ranges.degree.values` has a duplicate value"),
        ({"ranges": {"degre": integer(1, 3)}}, "`ranges.degre` is not a hyperparameter of the container: did you mean"),
        ({"ranges": {"folds": integer(2, 5)}}, "`ranges.folds` is misplaced: `folds` is a top-level key."),
        (
            {"static": {"lambda": "20"}},
            "`static.lambda` is not a hyperparameter of the container: the container accepts degree",
        ),
        ({"static": {"missing": "drop"}}, "`static.missing` is misplaced: `missing` is a top-level key."),
        ({"missing": "ignore"}, "`missing` must be"),
        ({"ranges": {"nk": integer(2, 41)}}, "`ranges.nk.min` must be a whole number from 3 to 1001, not 2: as in"),
        ({"static": {"penalty": "-1"}}, "`static.penalty` must be a number from 0 to 100, not -1."),
        ({"static": {"max_search_rows": "1e4"}}, "`static.max_search_rows` must be a whole number from 100 to"),
        ({"static": {"degree": "11"}}, "`static.degree` must be a whole number from 1 to 10, not 11."),
        (
            {"static": {"nprune": "30", "nk": "21"}},
            "`static.nprune` must be at most `static.nk`, 21, not 30: `nk` limits the terms before pruning.",
        ),
        (
            {"static": {"nk": "21"}, "ranges": {"nprune": integer(3, 30)}},
            "`ranges.nprune.max` must be at most `static.nk`, 21, not 30",
        ),
        (
            {"ranges": {"nk": integer(21, 41), "nprune": categorical("9", "30")}},
            "`ranges.nprune.values` must be at most `ranges.nk.min`, 21, not 30",
        ),
        (
            {"static": {"engine": "mda", "endspan": "3"}},
            "the engine mda, in `static.engine`, has no `endspan`: leave it out, or use another engine.",
        ),
        (
            {"ranges": {"engine": categorical("mda", "earth"), "fast_k": integer(0, 20)}},
            "the engine mda, in `ranges.engine.values`, has no `fast_k`",
        ),
        (
            {"ranges": {"nk": integer(21, 1001)}, "static": {"engine": "earth"}},
            "`ranges.nk.max` must be at most 1000 for the engine earth, not 1001: lower it, or use another engine.",
        ),
        ({"static": {"nprune": "x", "nk": "21"}}, "`static.nprune` must be a whole number from 1 to 1001, not x."),
        (
            {"static": {"degree": "2"}, "ranges": {"degree": integer(1, 3)}},
            "`degree` is both in `ranges` and in `static`: keep one of them.",
        ),
        (
            {"static": {"degree": "2", "thresh": "0.01", "prune": "TRUE"}},
            '`ranges` leaves nothing to tune: give at least one range more than one value, as in "nk": [<min>, <max>].',
        ),
        ({"ranges": {"degree": integer(2, 2)}}, "`ranges` leaves nothing to tune"),
        ({"ranges": {}}, "`ranges` leaves nothing to tune: give at least one range more than one value, as"),
        ({"target": "a\nb"}, "`target` has a line break, which AWS does not accept: rename the column."),
        ({"folds": {"count": 5, "by": "a\nb"}}, "`folds.by` has a line break, which AWS does not accept: rename the"),
        ({"folds": {"count": 5, "by": "y"}}, "`folds.by` is the target: choose another column."),
        ({"folds": {"count": 5, "in_order_of": "y"}}, "`folds.in_order_of` is the target: choose another column."),
        (
            {"folds": {"count": 5, "by": "g", "in_order_of": "t"}},
            "`folds` has both `by` and `in_order_of`: keep one of them.",
        ),
        ({"folds": {"count": 5}}, "`folds` names no column: write 5 alone, or add `by` or `in_order_of`."),
        (
            {"static": {"folds_by": "g"}},
            '`static.folds_by` is misplaced: use `folds`, as in {"count": 5, "by": "<column>"}.',
        ),
    ],
    ids=str,
)
def test_a_broken_rule_is_told_before_aws_or_the_container_would(keys: dict[str, Any], said: str) -> None:
    (sentence,) = refusals(ROOMY, **keys)
    assert said in sentence


def test_logarithmic_scaling_needs_numbers_above_zero() -> None:
    (sentence,) = refusals(ranges={"penalty": continuous(0, 4, scaling="Logarithmic")})
    assert "`ranges.penalty.min` must be greater than 0 for Logarithmic scaling, not 0: as in" in sentence


def test_reverse_logarithmic_scaling_needs_numbers_below_one_and_no_integers() -> None:
    assert refusals(ranges={"thresh": continuous(0.1, 0.9, scaling="ReverseLogarithmic")}) == []
    (sentence,) = refusals(ranges={"penalty": continuous(0.1, 1, scaling="ReverseLogarithmic")})
    assert "must be at least 0 and less than 1 for ReverseLogarithmic scaling: as in" in sentence
    (sentence,) = refusals(ranges={"degree": integer(1, 3, scaling="ReverseLogarithmic")})
    assert "must be Auto, Linear or Logarithmic" in sentence


def test_thirty_one_values_are_one_too_many_for_aws() -> None:
    values = [f"0.{number:03d}" for number in range(1, 32)]
    (sentence,) = refusals(ranges={"thresh": categorical(*values)})
    assert "`ranges.thresh.values` must be a list of at most 30 values" in sentence


def test_one_range_of_several_values_beside_single_ones_is_a_search() -> None:
    assert refusals(ranges={"degree": integer(2, 2), "prune": categorical("TRUE", "FALSE")}) == []


def test_no_more_training_jobs_are_asked_for_than_the_ranges_can_give() -> None:
    """SageMaker refuses it: "You don't have enough combinations of hyperparameter ranges"."""
    few = {"degree": integer(1, 3), "prune": categorical("TRUE", "FALSE")}
    (sentence,) = refusals(ranges=few, max_jobs=7)
    assert "`max_jobs` must be at most 6, the number of combinations in `ranges`, not 7: lower it" in sentence  # 3 × 2
    assert refusals(ranges=few, max_jobs=6) == []
    assert refusals(ranges={**few, "thresh": continuous(0.001, 0.01)}, max_jobs=7) == []


def test_the_default_number_of_jobs_bows_to_what_the_ranges_can_give() -> None:
    assert spec(ranges={"prune": categorical("TRUE", "FALSE")}).max_jobs == 2
    assert spec(ranges={"degree": integer(1, 10)}).max_jobs == 9
    assert spec(ranges={"thresh": continuous(0.001, 0.01), "prune": categorical("TRUE")}).max_jobs == 9


def test_the_default_parallelism_bows_to_fewer_jobs() -> None:
    assert refusals(max_jobs=1) == []


def test_a_grid_takes_categorical_ranges_only() -> None:
    said = refusals(strategy="Grid")
    assert any("must be categorical for a Grid search: list its values" in sentence for sentence in said)


def test_a_grids_jobs_are_all_its_combinations() -> None:
    grid = {"degree": categorical("1", "2", "3"), "prune": categorical("TRUE", "FALSE")}
    unsaid, said = spec(strategy="Grid", ranges=grid), spec(strategy="Grid", ranges=grid, max_jobs=6)
    assert unsaid.max_jobs == said.max_jobs == 6
    assert unsaid.training_keys() == said.training_keys()
    (sentence,) = refusals(strategy="Grid", ranges=grid, max_jobs=5)
    assert "`max_jobs` must be 6, the number of combinations in the grid, not 5: leave it out." in sentence


def test_a_grid_may_run_more_at_once_than_the_default_number_of_jobs() -> None:
    grid = {"degree": DEGREES, "prune": categorical("TRUE", "FALSE")}
    assert refusals(strategy="Grid", ranges=grid, max_parallel_jobs=10) == []


def test_a_grid_cannot_outgrow_the_ceiling_by_leaving_its_jobs_unsaid() -> None:
    grid = {"degree": DEGREES, "thresh": THRESHES}
    (sentence,) = refusals(strategy="Grid", ranges=grid)
    assert "the grid has 300 combinations, but the stack's ceiling is 100 training jobs: list fewer values." in sentence


def test_a_grid_of_more_combinations_than_aws_takes_is_refused() -> None:
    grid = {"degree": DEGREES, "thresh": THRESHES, "prune": categorical("TRUE", "FALSE")}
    assert refusals(ROOMY, strategy="Grid", ranges=grid) == []
    tight = Ceilings(100, 10, 86_400, ("ml.m5.large",), None)
    assert refusals(tight, strategy="Grid", ranges=grid) != []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"max_jobs": 101}, "`max_jobs` must be at most 100, the stack's ceiling, not 101."),
        ({"max_jobs": 50, "max_parallel_jobs": 11}, "`max_parallel_jobs` must be at most 10, the stack's ceiling"),
        ({"max_runtime_s": 86_401}, "`max_runtime_s` must be at most 86400, the stack's ceiling, not 86401."),
        ({"instance_type": "ml.p4d.24xlarge"}, "must be one of ml.m5.large, ml.m5.xlarge in this stack, not ml.p4d"),
        ({"max_cost_usd": 50.01}, "`max_cost_usd` must be at most 50, the stack's ceiling, not 50.01."),
    ],
    ids=str,
)
def test_nobody_asks_for_more_than_the_stack_allows(keys: dict[str, Any], said: str) -> None:
    (sentence,) = refusals(**keys)
    assert said in sentence


def test_what_the_ceilings_are_is_allowed() -> None:
    keys = {"max_jobs": 100, "max_parallel_jobs": 10, "max_runtime_s": 86_400, "max_cost_usd": 50}
    assert refusals(instance_type="ml.m5.xlarge", **keys) == []


@pytest.mark.parametrize("key", ["retune:stack", "aws:x", "AWS:x", "Retune:a"])
def test_reserved_tags_are_refused(key: str) -> None:
    (sentence,) = refusals(tags={key: "v"})
    assert f"`tags.{key}` is reserved" in sentence


@pytest.mark.parametrize(
    "tags", [{"a": "x\ny"}, {"a\tb": ""}, {"": "v"}, {"k" * 129: "v"}, {"k": "v" * 257}, {"k": "50%"}, {"k": "a,b"}]
)
def test_tags_that_aws_would_refuse_are_refused(tags: dict[str, str]) -> None:
    (sentence,) = refusals(tags=tags)
    assert "is not a valid tag" in sentence


def test_tags_that_aws_takes_are_taken() -> None:
    assert refusals(tags={"Kosten stelle": "Zürich 7 + x=1/2 @a_b-c.d:e", "k" * 128: "v" * 256, "empty": ""}) == []


def test_forty_tags_are_the_most() -> None:
    assert refusals(tags={f"k{number}": "v" for number in range(40)}) == []
    (sentence,) = refusals(tags={f"k{number}": "v" for number in range(41)})
    assert "`tags` must have at most 40 tags, not 41." in sentence
