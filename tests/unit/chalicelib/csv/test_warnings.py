"""What sound files are still worth a word about."""

from chalicelib.csv.dataset import warnings
from tests.support.tables import TWENTY, a_table, lettered, rows


def test_plain_data_deserve_no_warning() -> None:
    assert warnings([a_table()], "y") == []


def test_missing_values_and_what_becomes_of_them_are_worth_a_word() -> None:
    gappy = a_table("y,x,z\n" + rows(28, "{0},{1},1") + "28,,\n29,,2\n,3,3\n")
    assert warnings([gappy], "y", "drop") == ["train has 4 missing values; 3 rows dropped."]
    assert warnings([gappy], "y", "impute") == [
        "train has 4 missing values; 1 row dropped. Means and most frequent levels replace the other missing values."
    ]


def test_few_rows_for_the_features_are_warned_of_levels_counted_as_features() -> None:
    assert warnings([a_table("y,x,z\n" + rows(19, "{0},{1},{0}"))], "y") == [
        "train has only 19 rows for 2 features; the model may fit noise."
    ]
    assert warnings([a_table(lettered(30, 5))], "y") == [
        "train has only 30 rows for 4 features; the model may fit noise."
    ]


def test_repeated_rows_and_repeated_files_are_warned_of() -> None:
    twice = a_table(TWENTY + "1,1\n")
    assert warnings([twice], "y") == ["train/a.csv has 1 duplicate row, which counts twice."]
    thrice = a_table(TWENTY + "1,1\n1,1\n")
    assert warnings([thrice], "y") == ["train/a.csv has 2 duplicate rows, which count twice."]
    assert warnings([a_table(), a_table(name="train/b.csv")], "y") == [
        "Some files in train have identical content; their rows count twice."
    ]
