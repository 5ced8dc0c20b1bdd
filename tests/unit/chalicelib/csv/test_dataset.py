"""Files taken together, and against the tuning spec: schemas, target, rows, levels."""

import pytest

from chalicelib.csv.dataset import check_tables, encoded_columns, size_of
from chalicelib.csv.file import CsvSummary
from chalicelib.fold_rule import FoldRule
from chalicelib.hyperparameter import Size
from tests.support.tables import a_table, lettered, rows

CHOOSE = "choose another `target`."


def said(
    train: list[CsvSummary],
    validation: list[CsvSummary] | None = None,
    target: str = "y",
    folds: int = 5,
    missing: str = "error",
) -> list[str]:
    return [str(problem) for problem in check_tables(train, validation or [], target, FoldRule(folds), missing)]


def test_sound_tables_that_agree_are_accepted() -> None:
    turned = "x,y\n" + rows(20)
    assert said([a_table(), a_table(turned, "train/b.csv")], [a_table(name="validation/v.csv")]) == []


def test_no_table_has_no_problem() -> None:
    assert said([]) == []


def test_different_columns_are_refused_naming_both_files() -> None:
    other = a_table("y,z\n" + rows(20), "train/b.csv")
    assert said([a_table(), other]) == [
        "train/b.csv lacks `x`, which train/a.csv has: all files must have the same columns.",
        "train/b.csv has `z`, which train/a.csv lacks: all files must have the same columns.",
    ]


def test_an_extra_index_column_is_a_different_schema() -> None:
    other = a_table("i,y,x\n" + rows(20, "{0},{0},{1}"), "validation/v.csv")
    assert said([a_table()], [other]) == [
        "validation/v.csv has `i`, which train/a.csv lacks: all files must have the same columns."
    ]


def test_a_column_of_two_kinds_is_refused_naming_both_files() -> None:
    other = a_table("y,x\n1,a\n2,b\n", "train/b.csv")
    assert said([a_table(), other]) == [
        "train/b.csv column `x` is text, but numeric in train/a.csv: a column must have the same type in all files."
    ]


def test_a_column_without_a_value_in_one_file_may_be_of_any_kind_in_others() -> None:
    tables = [
        a_table("y,x\n" + rows(12, "{0},"), "train/a.csv"),
        a_table("y,x\n" + rows(12, "{0},a{0}"), "train/b.csv"),
        a_table("y,x\n" + rows(12), "train/c.csv"),
    ]
    assert said(tables[:2], missing="impute") == []
    assert said(tables, missing="impute") == [
        "train/c.csv column `x` is numeric, but text in train/b.csv: a column must have the same type in all files."
    ]


def test_a_column_without_any_value_is_refused() -> None:
    empty = a_table("y,x,z\n" + rows(12, "{0},,{1}"))
    assert said([empty], missing="impute") == ["train/a.csv column `x` has no value in any row: leave the column out."]
    (problem,) = said([empty], target="x", missing="impute")[:1]
    assert problem == f"train/a.csv column `x` has no value in any row: {CHOOSE}"


def test_rows_that_will_be_left_out_do_not_count() -> None:
    gappy = a_table("y,x,z\n" + rows(8, "{0},{1},1") + "8,,1\n9,,2\n,3,3\n")
    few = "train has 8 rows left after dropping 3 with missing values, but at least 10 are needed: add rows."
    assert said([gappy], missing="drop")[0] == few
    assert said([gappy], missing="impute", folds=5) == []  # 11 rows, of which one has no target


def test_a_validation_channel_of_which_nothing_is_left_is_refused() -> None:
    held_out = a_table("y,x\n,1\n,2\n", "validation/v.csv")
    assert said([a_table()], [held_out], missing="impute") == [
        "validation has only rows with missing values: add complete rows, or remove its files."
    ]


def test_an_absent_target_is_told_with_the_columns_and_the_one_that_was_meant() -> None:
    iris = a_table("Sepal.Length,Petal.Length\n" + rows(20))
    where = "`tuning.json`: `target` names the column"
    assert said([iris], target="sepal.length") == [
        f"{where} `sepal.length`, which train/a.csv does not have: "
        "did you mean `Sepal.Length`? The columns are Sepal.Length, Petal.Length."
    ]
    assert said([iris], target="price") == [
        f"{where} `price`, which train/a.csv does not have: the columns are Sepal.Length, Petal.Length."
    ]


def test_a_text_target_is_refused_also_when_it_has_very_many_values() -> None:
    for levels in (3, 150):
        assert said([a_table("x," + lettered(200, levels)[2:].replace("y", "x"))], target="k") == [
            f"train/a.csv column `k` is text, but the target must be a number: {CHOOSE}"
        ]


def test_a_constant_target_is_refused_over_all_files() -> None:
    one, two = (a_table("y,x\n" + rows(20, value + ",{0}"), f"train/{value}.csv") for value in ("1", "2"))
    assert said([one]) == [
        f"train/1.csv column `y` is the same number in every row: there is nothing to learn; {CHOOSE}"
    ]
    assert said([one, two]) == []


def test_a_table_of_the_target_alone_is_refused() -> None:
    assert said([a_table("y\n" + rows(20, "{0}"))]) == [
        "train/a.csv has only one column: it needs the target and at least one feature."
    ]


def test_features_of_one_text_each_are_nothing_to_learn_from() -> None:
    (sentence,) = said([a_table(lettered(20, 1))])
    assert sentence == "train has the same text in every row of every feature: there is nothing to learn from."


@pytest.mark.parametrize(
    ("number", "folds", "least", "fix"),
    [
        (9, 2, 10, "add rows"),
        (9, 5, 10, "add rows"),
        (19, 10, 20, "add rows, or lower `folds`"),
        (39, 20, 40, "add rows, or lower `folds`"),
    ],
)
def test_too_few_rows_for_the_folds_are_refused(number: int, folds: int, least: int, fix: str) -> None:
    (sentence,) = said([a_table("y,x\n" + rows(number))], folds=folds)
    assert sentence == f"train has {number} rows, but at least {least} are needed: {fix}."
    assert said([a_table("y,x\n" + rows(least))], folds=folds) == []


def test_rows_are_counted_over_all_files_and_folds_only_without_validation() -> None:
    small = [a_table("y,x\n" + rows(6), f"train/{name}.csv") for name in "ab"]
    assert said(small, folds=6) == []
    assert said(small, [a_table("y,x\n1,1\n", "validation/v.csv")], folds=20) == []


def test_validation_rows_do_not_count_for_training() -> None:
    (sentence,) = said([a_table("y,x\n" + rows(9))], [a_table(name="validation/v.csv")])
    assert sentence.startswith("train has 9 rows, but at least 10 are needed")


def test_a_level_that_only_validation_has_is_refused() -> None:
    validation = a_table("y,k\n1,k0\n2,zzz\n", "validation/v.csv")
    assert said([a_table(lettered(20, 3))], [validation]) == [
        'validation/v.csv column `k` has "zzz", which no row of train has: add such rows to train, or remove them here.'
    ]


def test_a_level_of_any_training_file_is_known() -> None:
    train = [a_table(lettered(20, 3)), a_table("y,k\n1,zzz\n", "train/b.csv")]
    assert said(train, [a_table("y,k\n2,zzz\n", "validation/v.csv")]) == []


def test_more_than_a_hundred_levels_over_all_files_are_refused() -> None:
    what = "train/a.csv column `k` is text with more than 100 different values in train"
    fix = "leave it out if it is an identifier, or group its values."
    assert said([a_table(lettered(200, 100))]) == []
    assert said([a_table(lettered(200, 101))]) == [f"{what}: {fix}"]
    other = a_table(lettered(200, 60).replace("k", "m").replace("y,m", "y,k"), "train/b.csv")
    assert said([a_table(lettered(200, 60)), other]) == [f"{what}: {fix}"]


@pytest.mark.parametrize(
    ("unit", "deviation", "divisor"),
    [
        ("e15", "5.92e+15", "1e+15"),  # 0 … 19 have a standard deviation of 5.916
        ("e-16", "5.92e-16", "1e-16"),
        ("e200", "9.5e+200", "1e+200"),  # its square is beyond a float: half the range
        ("e-200", "9.5e-200", "1e-200"),
    ],
)
def test_a_target_whose_spread_sagemaker_cannot_keep_is_refused_with_the_unit(
    unit: str, deviation: str, divisor: str
) -> None:
    table = a_table("y,x\n" + rows(20, f"{{0}}{unit},{{1}}"))

    assert said([table]) == [
        f"train/a.csv column `y` has a standard deviation of {deviation}, outside of 1e-15 to 1e15: "
        f"divide the column by {divisor}."
    ]


@pytest.mark.parametrize("unit", ["e14", "e-15", ""])
def test_a_target_of_unusual_size_is_accepted(unit: str) -> None:
    assert said([a_table("y,x\n" + rows(20, f"{{0}}{unit},{{1}}"))]) == []


def test_a_large_offset_does_not_count_as_spread_and_files_count_together() -> None:
    near = a_table("y,x\n" + rows(20, "1e16,{1}") + "1.0000000000000002e16,400\n")
    assert said([near]) == []
    far = a_table("y,x\n" + rows(20, "-1e16,{1}"), "train/b.csv")
    assert said([near, far]) == [
        "train/a.csv column `y` has a standard deviation of 1.01e+16, outside of 1e-15 to 1e15: "
        "divide the column by 1e+16."
    ]


def test_with_rows_to_drop_the_container_decides() -> None:
    table = a_table("y,x\n" + rows(20) + "1e20,\n")
    assert said([table], missing="drop") == []
    assert len(said([table], missing="impute")) == 1


def test_a_factor_is_encoded_in_a_column_for_each_level_but_the_first() -> None:
    tables = [a_table("y,x,k,c\n1,2,a,same\n2,3,b,same\n"), a_table("y,x,k,c\n1,2,c,same\n", "train/b.csv")]
    assert encoded_columns(tables, "y", None) == 3  # x, and b and c of k; c is constant
    assert encoded_columns(tables, "y", "k") == 1


def test_the_size_counts_the_rows_that_the_container_keeps() -> None:
    gappy = a_table("y,x,z\n" + rows(8, "{0},{1},1") + "8,,1\n9,,2\n,3,3\n")
    assert size_of([gappy], [], "y", FoldRule(4), "drop") == Size(8, 4)
    assert size_of([gappy, gappy], [gappy], "y", FoldRule(4), "impute") == Size(20, 4, has_validation=True)
