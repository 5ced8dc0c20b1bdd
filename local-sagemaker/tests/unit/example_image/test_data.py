"""CSV as numbers."""

from pathlib import Path

import pytest

from local_sagemaker.example_image.data import Feature, InvalidData, encode, features_of, parse, parse_like, read

FEATURES = (Feature("x"), Feature("colour", ("blue", "red")))


def test_text_becomes_one_number_for_each_category() -> None:
    table = parse("a.csv", "y,x,colour\n1,2.5,red\n2,-1e3,blue\n")

    features = features_of(table, "y")

    assert features == FEATURES
    assert encode(table, features) == [[2.5, 0.0, 1.0], [-1000.0, 1.0, 0.0]]


def test_the_files_of_a_channel_are_read_as_one_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("y,x\n3,4\n")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "c.csv").write_text("\ufeffy,x\n1,2\n")

    assert [row.cells for row in read(tmp_path).rows] == [("1", "2"), ("3", "4")]


def test_a_header_may_be_quoted_and_lines_may_end_as_on_windows() -> None:
    table = parse("a.csv", '"y", "x"\r\n1, 2\r\n\r\n')

    assert (table.names, [row.cells for row in table.rows]) == (("y", "x"), [("1", "2")])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.csv is empty"),
        ("y,y\n1,2\n", "a.csv: the names in the header must differ"),
        ("y,x\n1,2\n3\n", "a.csv line 3 must have 2 fields, not 1"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(InvalidData, match=f"^{message}$"):
        parse("a.csv", text)


def test_files_with_different_headers_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y,x\n1,2\n")
    (tmp_path / "b.csv").write_text("x,y\n1,2\n")

    with pytest.raises(InvalidData, match="must have the same header"):
        read(tmp_path)


def test_a_channel_without_csv_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()

    with pytest.raises(InvalidData, match=r"has no file whose name ends in \.csv"):
        read(tmp_path)


def test_a_column_with_too_many_texts_is_refused_with_the_first_of_them() -> None:
    lines = [f"1,{number}" for number in range(21)]
    lines[3] = "1,NA"

    with pytest.raises(InvalidData, match=r"^a\.csv line 5: x is 'NA'; a column must have only numbers, or at most 20"):
        features_of(parse("a.csv", "\n".join(["y,x", *lines])), "y")


@pytest.mark.parametrize("cell", ["nan", "inf", "", "1,5"])
def test_what_is_no_finite_number_is_refused(cell: str) -> None:
    with pytest.raises(InvalidData, match="line 1: x must be a number, not "):
        FEATURES[0].encoded("line 1", cell)


def test_a_category_that_training_did_not_see_is_refused() -> None:
    with pytest.raises(InvalidData, match="line 1: colour must be one of blue, red, not 'green'"):
        FEATURES[1].encoded("line 1", "green")


def test_a_request_with_a_header_may_have_the_columns_in_any_order() -> None:
    table = parse_like("the request", "colour,y,x\nred,7,1\n", FEATURES)

    assert encode(table, FEATURES) == [[1.0, 0.0, 1.0]]


def test_a_request_without_a_header_has_the_columns_in_the_order_of_training() -> None:
    table = parse_like("the request", "1,red\n2,blue\n", FEATURES)

    assert encode(table, FEATURES) == [[1.0, 0.0, 1.0], [2.0, 1.0, 0.0]]
