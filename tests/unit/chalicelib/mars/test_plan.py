"""What `explain` tells of the training jobs to come."""

from typing import Any

from chalicelib.algorithm import training_plan
from chalicelib.hyperparameter import Size
from chalicelib.spec.asked import asked_by
from tests.support.specs import categorical, spec


def plan(size: Size | None = None, columns: int = 1, **keys: Any) -> list[str]:
    return list(training_plan(asked_by(spec(**keys)), size, columns))


def test_a_small_dataset_has_all_its_numbers() -> None:
    assert plan(Size(150, 5), columns=5) == [
        "Engine: compiled (earth in an image without it), whatever the size of the data.",
        "Folds: 5 of 150 rows, encoded in 5 columns: each model is fitted to about 120 rows; served "
        "is the average of their models.",
        "With compiled, a search makes at most 21 terms (`nk`); knots are searched on all rows of a fit.",
        "With earth, a search makes at most 21 terms (`nk`); knots are searched on all rows of a fit.",
    ]


def test_on_many_rows_the_sample_and_the_single_fit_are_told() -> None:
    _, folds, compiled, earth = plan(Size(1_000_000, 5), columns=100)

    assert folds.endswith("each model is fitted to about 800,000 rows; served is one fit to all rows.")
    assert compiled.endswith(
        "at most 201 terms (`nk`); knots are searched on a sample of 20,000 rows (`max_search_rows`)."
    )
    assert earth.endswith("at most 201 terms (`nk`); knots are searched on a sample of 3,000 rows (`max_search_rows`).")


def test_with_a_validation_channel_many_rows_need_no_folds() -> None:
    folds = plan(Size(200_000, 5, has_validation=True), columns=4)[1]

    assert folds == (
        "Folds: none for 200,000 rows, encoded in 4 columns: one fit to all rows is served, and "
        "measured on the validation channel."
    )


def test_in_order_of_time_earlier_rows_predict_later_ones() -> None:
    folds = plan(Size(150, 5, is_in_order=True), columns=4)[1]

    assert folds == (
        "Folds: 5 of 150 rows, encoded in 4 columns: each is predicted from the rows before it; served is one fit "
        "to all rows."
    )


def test_what_the_spec_asks_for_is_named() -> None:
    asked = {"static": {"max_search_rows": "500"}, "ranges": {"engine": categorical("mda", "earth"), "nk": [21, 41]}}

    engine, _, *bounds = plan(Size(2_000, 5), columns=4, **asked)

    assert engine == "Engine: mda or earth, whatever the size of the data."
    assert bounds == [
        f"With {name}, a search makes at most 41 terms (`ranges.nk.max`); knots are searched on a sample of 500 rows "
        "(`max_search_rows`)."
        for name in ("earth", "mda")
    ]


def test_while_the_data_are_unchecked_the_rules_are_told_with_their_numbers() -> None:
    assert plan(ranges={"engine": categorical("auto", "mda")}) == [
        "Engine: compiled (earth in an image without it) or mda, whatever the size of the data.",
        "Folds: their models' average is served; above 100,000 rows or in order of time, one fit to all rows.",
        "With compiled, a search makes at most 21 terms, or twice the columns and one up to 201, or a tenth of the "
        "rows up to 101 (`nk`); knots are searched on 50,000 rows at most, on wide data 10,000 (`max_search_rows`).",
        "With earth, a search makes at most 21 terms, or twice the columns and one up to 201 (`nk`); knots are "
        "searched on 10,000 rows at most, on wide data 2,000 (`max_search_rows`).",
        "With mda, a search makes at most 21 terms, or twice the columns and one (`nk`); knots are searched on 10,000 "
        "rows at most, on wide data 1,000 (`max_search_rows`).",
    ]
