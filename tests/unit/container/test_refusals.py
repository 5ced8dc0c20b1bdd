"""Trainings that cannot be: each ends with its reason in the failure file, with real R."""

from pathlib import Path

import pytest

from tests.support.container.process import HEADER, ROWS, TARGET, Ml, a_csv, printed_by_r

# Values of x whose rows, of which there are enough for folds by hash, all fall into the first of two folds.
ONE_FOLD = "cat(which(folds_of(data.frame(x = 1:3000), 2) == 1))"


def failure_of(root: Path, settings: dict[str, str], table: str) -> str:
    """Why a training on this table failed."""
    ml = Ml.of(root, settings, train={"a.csv": table})
    trained = ml.train()
    assert trained.code == 1, trained.log
    assert not (root / "model").exists()
    return ml.failure.strip()


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"nprune": "9", "nk": "5"}, "`nprune` must be at most `nk`, 5, not 9"),
        ({"engine": "mda", "fast_k": "9"}, "the engine mda has no `fast_k`: leave it out, or use another engine"),
        ({"engine": "earth", "nk": "1001"}, "`nk` must be at most 1000 for the engine earth, not 1001"),
        # Of 150 different rows in 5 folds, models are fitted to 120.
        ({"minspan": "120"}, "`minspan` must be at most 119, not 120: knots are searched on 120 rows"),
        ({"endspan": "1000000"}, "`endspan` must be at most 119, not 1000000: knots are searched on 120 rows"),
        ({"nk": "121"}, "`nk` must be at most 120, not 121: knots are searched on 120 rows"),
        ({"nprune": "121"}, "`nprune` must be at most 120, not 121: knots are searched on 120 rows"),
    ],
)
def test_settings_that_the_engine_or_the_rows_do_not_allow(
    tmp_path: Path, settings: dict[str, str], reason: str
) -> None:
    table = a_csv("y,x", [f"{at * at},{at}" for at in range(150)])

    assert failure_of(tmp_path, {"target": "y", **settings}, table) == reason


def test_an_unknown_hyperparameter(tmp_path: Path) -> None:
    reason = failure_of(tmp_path, {**TARGET, "min_span": "3"}, a_csv(HEADER, ROWS))

    assert reason.startswith("`min_span` is not a hyperparameter: did you mean `minspan`?")


def test_a_fold_without_rows(tmp_path: Path) -> None:
    values = printed_by_r(ONE_FOLD).split()
    assert len(values) > 500

    reason = failure_of(tmp_path, {"target": "y", "folds": "2"}, a_csv("y,x", [f"{int(x) ** 2},{x}" for x in values]))

    assert reason == "fold 2 of 2 has no rows: set another number of `folds`"


@pytest.mark.parametrize(("unit", "divisor"), [("1e17", "1e+17"), ("1e-18", "1e-18")])
def test_a_target_whose_spread_no_32_bit_number_holds(tmp_path: Path, unit: str, divisor: str) -> None:
    rows = [f"{(at % 2) * 2}{unit[1:]},{at}" for at in range(20)]

    reason = failure_of(tmp_path, {"target": "y"}, a_csv("y,x", rows))

    assert reason.startswith("the target `y` has a standard deviation of ")
    assert reason.endswith(f", outside of 1e-15 to 1e15: divide the column by {divisor}")
