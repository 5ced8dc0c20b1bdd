"""The column that decides about folds: what it must hold, and that it is no feature."""

import pytest

from chalicelib.csv.dataset import check_tables, warnings
from chalicelib.csv.file import CsvSummary
from chalicelib.fold_rule import FoldRule
from tests.support.tables import a_table, lettered

BY = FoldRule(3, by="g")
IN_ORDER = FoldRule(3, in_order_of="g")
FEWER = "use fewer `folds`, or another column."


def grouped(cells: list[str], name: str = "train/a.csv") -> CsvSummary:
    """A table with these cells in the column `g`."""
    return a_table("y,x,g\n" + "".join(f"{at},{at * at},{cell}\n" for at, cell in enumerate(cells)), name)


def said(
    rule: FoldRule,
    *train: CsvSummary,
    validation: tuple[CsvSummary, ...] = (),
    missing: str = "error",
    is_whole: bool = True,
) -> list[str]:
    return [str(problem) for problem in check_tables(train, validation, "y", rule, missing, is_whole=is_whole)]


@pytest.mark.parametrize(
    ("rule", "cells"),
    [
        (BY, ["a", "b", "c"] * 4),
        (BY, ["1", "2", "3"] * 4),
        (IN_ORDER, ["1999", "2000", "2001", "2002"] * 3),
        (IN_ORDER, ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"] * 3),
    ],
)
def test_enough_groups_or_times_are_accepted(rule: FoldRule, cells: list[str]) -> None:
    assert said(rule, grouped(cells)) == []


def test_an_absent_column_is_told_with_the_one_that_was_meant() -> None:
    assert said(FoldRule(3, by="G"), grouped(["a", "b", "c"] * 4)) == [
        "`tuning.json`: `folds` names the column `G`, which train/a.csv does not have: the columns are y, x, g."
    ]


@pytest.mark.parametrize(
    ("rule", "cells", "what"),
    [
        (BY, ["a", "b"] * 6, "train column `g` has 2 different values, but 3 folds need at least 3"),
        (BY, ["1", "1.0"] * 6, "train column `g` has 1 different value, but 3 folds need at least 3"),
        (IN_ORDER, ["1", "2", "3"] * 4, "column `g` has 3 different values, but 3 folds in its order need at least 4"),
        (IN_ORDER, ["2024-01", "2024-02", "2024-03"] * 4, "but 3 folds in its order need at least 4"),
    ],
)
def test_fewer_groups_or_times_than_folds_need_are_refused(rule: FoldRule, cells: list[str], what: str) -> None:
    (sentence,) = said(rule, grouped(cells))

    assert f"{what}: {FEWER}" in sentence


def test_groups_and_times_are_counted_over_all_training_files_alone() -> None:
    one, two, three = (grouped([name] * 6, f"train/{name}.csv") for name in "abc")
    held_out = grouped(["d"], "validation/v.csv")

    assert said(BY, one, two, three) == []
    assert len(said(BY, one, two, validation=(held_out,))) == 1


def test_groups_of_a_file_that_was_not_read_to_its_end_are_not_counted() -> None:
    assert said(BY, grouped(["a", "b"] * 6), is_whole=False) == []


def test_very_many_numbers_are_enough() -> None:
    assert said(FoldRule(20, in_order_of="g"), grouped([str(at) for at in range(60)])) == []


@pytest.mark.parametrize("rule", [BY, IN_ORDER])
@pytest.mark.parametrize("missing", ["drop", "impute"])
def test_a_missing_group_or_time_is_refused_whatever_happens_to_other_missing_values(
    rule: FoldRule, missing: str
) -> None:
    cells = ["1", "2", "3", "4"] * 3 + ["NA", "", "5"]

    assert said(rule, grouped(cells), missing=missing) == [
        "train/a.csv line 14, column `g` has a missing value (and 1 more), but `folds` needs it in every row: "
        "fill it in, or remove the row."
    ]


def test_a_text_that_is_no_date_is_refused_with_its_place() -> None:
    cells = [f"2024-01-{day:02}" for day in range(1, 13)]
    fix = "write it like 2024-01-31 or 2024-01-31T08:30:00, or as a number."

    for line, odd in (2, "01.01.2024"), (7, "2024-31-01"):
        found = said(IN_ORDER, grouped([*cells[: line - 2], odd, *cells[line - 1 :]]))
        assert found == [f'train/a.csv line {line}, column `g` "{odd}" is not an ISO date: {fix}']


def test_text_of_groups_may_be_any() -> None:
    assert said(BY, grouped(["01.01.2024", "Q1", "2024-01-01"] * 4)) == []


def test_times_that_would_not_sort_as_text_are_refused_in_one_file_and_over_several() -> None:
    utc = [f"2024-01-{day:02}T10:00Z" for day in range(1, 13)]
    local = "2024-01-05T10:00+02:00"
    what = f'column `g` "{local}" is not written like {utc[0]}: times are compared as text, so all need one form'

    assert what in said(IN_ORDER, grouped([*utc[:4], local, *utc[5:]]))[0]
    (sentence,) = said(IN_ORDER, grouped(utc), grouped([local] * 2, "train/b.csv"))
    assert sentence.startswith(f"train/b.csv line 2, {what}")


def test_the_first_file_decides_about_the_form_only_if_it_has_times() -> None:
    (sentence,) = said(IN_ORDER, grouped(["Q1"] * 2), grouped([f"2024-01-{at}" for at in range(10, 22)], "train/b.csv"))

    assert sentence.startswith('train/a.csv line 2, column `g` "Q1" is not an ISO date')


def test_the_column_may_have_more_levels_than_a_feature_and_others_in_validation() -> None:
    many = lettered(202, 101).replace("y,k", "y,g").replace("\n", ",1\n").replace("g,1", "g,x")
    held_out = a_table("y,g,x\n1,new,2\n", "validation/v.csv")

    assert said(BY, a_table(many), validation=(held_out,)) == []


def test_a_table_without_any_feature_beside_it_is_refused() -> None:
    (sentence,) = said(BY, a_table("y,g\n" + "".join(f"{at},{at % 4}\n" for at in range(12))))

    assert sentence == "train/a.csv has no feature besides the target and the column of `folds`: add at least one."


def test_every_block_in_order_needs_two_rows() -> None:
    rule = FoldRule(9, in_order_of="g")

    (sentence,) = said(rule, grouped([str(at) for at in range(19)]))

    assert sentence == "train has 19 rows, but at least 20 are needed: add rows, or lower `folds`."
    assert said(rule, grouped([str(at) for at in range(20)])) == []


def test_it_is_not_counted_as_a_feature_in_the_warning_about_few_rows() -> None:
    table = grouped(["a", "b", "c", "d"] * 4)

    assert warnings([table], "y", fold_column="g") == []
    assert warnings([table], "y") == ["train has only 16 rows for 4 features; the model may fit noise."]
