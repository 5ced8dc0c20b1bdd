"""Headers, rows and quotes: what R would shift, swallow or split is refused by line."""

import pytest

from tests.support.tables import checked, said

SEPARATED = "not by commas: save it with commas, and with points in decimal numbers."
INSIDE = "has a quote inside a field: put the field in quotes and write the quote twice."
OPEN = "opens a quote that is not closed: close it, or write it twice."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("y,x\n", "train/a.csv has a header and no rows: add rows, or remove the file."),
        (
            "y,x\n1,2,3\n4,5,6\n",
            "train/a.csv has 2 fields in its header and 3 in its rows: one column has no name: complete the header.",
        ),
        (
            "y,x,z\n1,2\n3,4\n",
            "train/a.csv has 3 fields in its header and 2 in its rows: header and rows must agree.",
        ),
        (
            "y,x,z\n1,2,3\n4,5",
            "train/a.csv line 3 has 2 fields, its header has 3: the file may be cut off; upload it again.",
        ),
        (
            "y,k\n1,a\n2,b,c\n",
            "train/a.csv line 3 has 3 fields, its header has 2: a comma within text needs quotes round the text.",
        ),
        ("y;x\n1;2\n", f"train/a.csv is separated by semicolons, {SEPARATED}"),
        ("y;x\n1,5;2,5\n", f"train/a.csv is separated by semicolons, {SEPARATED}"),
        ("y\tx\n1\t2\n", f"train/a.csv is separated by tabs, {SEPARATED}"),
        ("y,x,x\n1,2,3\n", "train/a.csv names the column `x` twice: rename one of them."),
        (
            "y,x,X \n1,2,3\n",
            "train/a.csv names the column `X ` and `x`, which differ only in case or blanks: rename one of them.",
        ),
        ("y,,x\n1,2,3\n", "train/a.csv column 2 has no name: name it in the header."),
        ("y,x, \n1,2,3\n", "train/a.csv column 3 has no name: name it in the header."),
        (",".join(map(str, range(5001))) + "\n", "train/a.csv has 5001 columns, 5000 are allowed: take fewer."),
        (f"y,k\n1,{'z' * 131_073}\n", "train/a.csv line 2 has a field of more than 131072 characters: cut it."),
    ],
    ids=lambda value: value[:40],
)
def test_a_wrong_shape_is_refused_naming_line_or_column(content: str, sentence: str) -> None:
    assert said(content) == [sentence]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('y,k\n1,a\n2,"b\n3,c\n4,d\n', 3),
        ('y,k\n1,a\n2,"b\n3,c\n4,"d"\n', 3),
        ('y,k\n1,"a\nb"\n2,"c ""d""\n3,e\n', 4),
        ('y,k,l\n1,"a\nb","c\n2,d,e\n', 3),
        ('"y,k\n1,a\n', 1),
        ('y,k\n1,"' + "a\n" * 70_000, 2),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_quote_that_is_not_closed_is_refused_naming_the_line_that_opens_it(content: str, line: int) -> None:
    assert said(content) == [f"train/a.csv line {line} {OPEN}"]


@pytest.mark.parametrize("row", ['1,5" pipe', '1,a"b"', '1,"a"b', '1, "a"', '1,a"'])
def test_a_quote_inside_a_field_is_refused(row: str) -> None:
    assert said(f"y,k\n0,z\n{row}\n") == [f"train/a.csv line 3 {INSIDE}"]


def test_quoted_commas_quotes_and_line_ends_are_taken_and_rows_are_records() -> None:
    summary = checked('y,k\n1,"a, b"\n2,"c\nd"\n3,"e ""f"""\n4,""""\n')
    assert (summary.problems, summary.rows) == ((), 4)
    assert summary.levels == {"k": ("a, b", "c\nd", 'e "f"', '"')}


def test_lines_are_physical_ones_after_a_quoted_line_end() -> None:
    assert said('y,k\n1,"a\nb\nc"\n2\n')[0].startswith("train/a.csv line 5 has 1 fields")


def test_empty_lines_are_no_rows_and_count_as_lines() -> None:
    assert checked("\ny,x\n\n1,2\n\n\n3,4\n\n").rows == 2
    assert said("\ny,x\n\n1,2\n\n3\n")[0].startswith("train/a.csv line 6 has 1 fields")


def test_odd_names_are_read_raw() -> None:
    summary = checked('"a b",1c,if,"x,y",é,"say ""hi""", z\n1,2,3,4,5,6,7\n')
    assert summary.columns == ("a b", "1c", "if", "x,y", "é", 'say "hi"', " z")


def test_one_column_is_read() -> None:
    assert (checked("y\n1\n2\n").rows, said("y\n1\n2\n")) == (2, [])


def test_a_long_name_is_cut() -> None:
    name = "n" * 500
    assert said(f"{name},{name}\n1,2\n") == [f"train/a.csv names the column `{'n' * 40}…` twice: rename one of them."]
