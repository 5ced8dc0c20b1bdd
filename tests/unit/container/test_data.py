"""The data of a training job: what is read alike, what is refused, each fault with its own reason."""

import gzip
from pathlib import Path

import pytest

from tests.support.container.process import HEADER, IRIS, ROWS, TARGET, Ml, a_csv

SETTINGS = {**TARGET, "folds": "2"}


def objective(ml: Ml) -> list[str]:
    """What training on this prints."""
    trained = ml.train()
    assert trained.code == 0, trained.log
    return trained.objective_lines


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The objective of iris in one file."""
    return objective(Ml.of(tmp_path_factory.mktemp("ml"), SETTINGS, train={"iris.csv": IRIS}))


def test_missing_values_are_refused_dropped_or_imputed_as_asked(plain: list[str], tmp_path: Path) -> None:
    gappy = a_csv(HEADER, [*ROWS[:100], "5.1,,1.4,0.2,setosa", *ROWS[100:], ",3.5,1.4,0.2,setosa"])
    said = {"error": "train/a.csv line 153, column `Sepal.Length`: a value is missing", "drop": "rows dropped: 2"}
    said["impute"] = "imputed with their mean or most frequent level"
    trained = {}
    for missing in said:
        ml = Ml.of(tmp_path / missing, {**SETTINGS, "missing": missing}, train={"a.csv": gappy})
        trained[missing] = ml.train()
        assert said[missing] in trained[missing].log

    assert [trained[missing].code for missing in said] == [1, 0, 0]
    assert trained["drop"].objective_lines == plain
    assert trained["impute"].objective_lines != plain


@pytest.mark.parametrize(
    ("hyperparameters", "rows", "said"),
    [
        ({"degree": "2.5"}, ROWS, '`degree` must be a whole number from 1 to 10, not "2.5"'),
        ({"degre": "2"}, ROWS, "`degre` is not a hyperparameter: did you mean `degree`?"),
        ({"target": "Sepal.Lenght"}, ROWS, "`target` is `Sepal.Lenght`, but the data has no such column: did"),
        ({"target": "Species"}, ROWS, 'the target `Species` is text ("setosa")'),
        ({}, [*ROWS[:4], "5.1,3.5,1.4,0.2"], "train/a.csv line 6 has 4 fields, its header has 5"),
        ({}, [*ROWS[:20], "5.1,3.5,1.4,-,setosa"], "train/a.csv line 22, column `Petal.Width`: \"-\" is"),
        ({}, ROWS[:9], "channel train has 9 rows: at least 10 are needed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_failure_file_and_nothing_is_measured(
    hyperparameters: dict[str, str], rows: list[str], said: str, tmp_path: Path
) -> None:
    ml = Ml.of(tmp_path, {**SETTINGS, **hyperparameters}, train={"a.csv": a_csv(HEADER, rows)})

    trained = ml.train()

    assert trained.code == 1
    assert said in ml.failure
    assert "internal error" not in ml.failure
    assert ml.failure.count("\n") == 1
    assert trained.log == ml.failure
    assert not (ml.root / "model").exists()


IN_BYTES = IRIS.encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "train/a.csv is empty: it needs a header and rows"),
        (HEADER.encode(), "channel train has 0 rows: at least 10 are needed"),
        (IN_BYTES.replace(b"setosa", b"s\xe9tosa"), "train/a.csv line 2 is not UTF-8 (perhaps Latin-1)"),
        (IRIS.encode("utf-16"), "train/a.csv is encoded as UTF-16: save it as UTF-8"),
        (IN_BYTES.replace(b"setosa", b"set\0sa"), "train/a.csv contains control characters"),
        (IN_BYTES.replace(b",", b";"), 'train/a.csv is separated by ";", not by commas'),
        (IN_BYTES.replace(b"virginica", b'"virginica', 1), "train/a.csv line 102: a quote is not closed"),
        (IN_BYTES.replace(b"Sepal.Length,", b"", 1), "the header has 4 fields, but every row has 5"),
        (IN_BYTES.replace(b"Sepal.Width", b"Petal.Width", 1), "the header names `Petal.Width` twice"),
        (IN_BYTES.replace(b"5.1,3.5", b'"5,1",3.5', 1), 'line 2, column `Sepal.Length`: "5,1" is not a number'),
        (IN_BYTES.replace(b"5.1,3.5", b"5.1,1e999", 1), 'line 2, column `Sepal.Width`: "1e999" is too large'),
        (gzip.compress(IN_BYTES, mtime=0), "train/a.csv is gzipped: rename it to .csv.gz"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bytes_that_are_no_sound_csv_are_refused_each_with_its_own_reason(
    content: bytes, said: str, tmp_path: Path
) -> None:
    ml = Ml.of(tmp_path, SETTINGS, train={"a.csv": ""})
    (tmp_path / "input/data/train/a.csv").write_bytes(content)

    assert ml.train().code == 1
    assert said in ml.failure


def test_two_files_with_other_columns_are_refused_naming_both(tmp_path: Path) -> None:
    other = a_csv(HEADER.replace("Species", "species"), ROWS)
    ml = Ml.of(tmp_path, SETTINGS, train={"a.csv": a_csv(HEADER, ROWS), "b.csv": other})

    assert ml.train().code == 1
    assert "train/b.csv lacks `Species`, which train/a.csv has: all files must have" in ml.failure


def test_what_spreadsheets_add_changes_nothing(plain: list[str], tmp_path: Path) -> None:
    quoted = [",".join([*row.split(",")[:4], f'"{row.split(",")[4]}"']) for row in ROWS]
    content = b"\xef\xbb\xbf" + a_csv(HEADER, quoted).replace("\n", "\r\n").encode()
    ml = Ml.of(tmp_path, SETTINGS, train={"a.csv": ""})
    (tmp_path / "input/data/train/a.csv").write_bytes(content)

    assert objective(ml) == plain


def test_a_refused_cell_in_a_column_called_like_the_objective_is_no_objective(tmp_path: Path) -> None:
    header = HEADER.replace("Petal.Width", "mse: 0.001")
    ml = Ml.of(tmp_path, SETTINGS, train={"a.csv": a_csv(header, [*ROWS, "5.1,3.5,1.4,-,setosa"])})

    trained = ml.train()

    assert "column `mse: 0.001`" in ml.failure
    assert (trained.code, trained.objective_lines) == (1, [])


def test_a_missing_channel_is_named(tmp_path: Path) -> None:
    ml = Ml.of(tmp_path, TARGET)

    assert ml.train().code == 1
    assert ml.failure == "channel train is missing: it must contain the CSV files to train on\n"


def test_packed_files_and_sub_folders_are_one_channel_in_the_order_of_their_paths(
    plain: list[str], tmp_path: Path
) -> None:
    ml = Ml.of(tmp_path, SETTINGS, train={"2024/b.csv": a_csv(HEADER, ROWS[75:])})
    packed = gzip.compress(a_csv(HEADER, ROWS[:75]).encode())
    (tmp_path / "input/data/train/2023.CSV.gz").write_bytes(packed)

    assert objective(ml) == plain
