"""One CSV file: what a sound one tells, and what is wrong with the cells of another."""

import hashlib
import json
from dataclasses import replace

import pytest

from chalicelib.csv.columns import Texts
from chalicelib.csv.file import CsvSummary
from chalicelib.errors import Problem
from tests.support.tables import NAME, checked, gz, rows, said

GAP = "fill it in, remove the row, or set `missing` to drop or impute."
MIXED = "make all of its cells numbers, or none of them."


def test_a_sound_file_is_summed_up() -> None:
    content = "y,x,kind\n1,-2.5,a\n 2 ,1e3,b\n+.5,7.,a\n"
    assert replace(checked(content), moments={}) == CsvSummary(
        name=NAME,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        size_bytes=len(content),
        rows=3,
        columns=("y", "x", "kind"),
        kinds={"y": "number", "x": "number", "kind": "text"},
        levels={"kind": ("a", "b")},
        ranges={"y": (0.5, 2.0), "x": (-2.5, 1000.0)},
        problems=(),
        gaps=(),
        missing={},
        moments={},
        first_missing={},
        texts={"kind": Texts((2, "a"), (2, "a"))},
        few_numbers={"y": (0.5, 1.0, 2.0), "x": (-2.5, 7.0, 1000.0)},
        repeated_rows=0,
    )


def test_a_summary_survives_json() -> None:
    for content in ("y,k\n1,a\n1,a\n", "y,k\n1,\n-,b\n", "y,k\n1,2024-01-31\n", ""):
        summary = checked(content)
        assert CsvSummary.from_dict(json.loads(json.dumps(summary.to_dict()))) == summary


def test_a_problem_says_where_what_and_how_to_fix_it() -> None:
    fix = "the file may be cut off; upload it again"

    assert checked("a,b\n1,2\n3\n").problems == (
        Problem("train/a.csv line 3", "has 1 fields, but the header has 2", fix, "row-width"),
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1\n" + b"9" * 100_000, b"\x89PNG\0\0" + b"x" * 100_000, b"a,b\n1,\xff" + b"x" * 100_000],
    ids=["empty", "short row", "binary", "Latin-1"],
)
def test_the_hash_is_of_all_bytes_whatever_is_wrong(content: bytes) -> None:
    summary = checked(content, chunk=1000)
    assert summary.problems
    assert summary.sha256 == hashlib.sha256(content).hexdigest()
    assert summary.size_bytes == len(content)


def test_a_gzipped_file_is_summed_up_like_a_plain_one_and_hashed_as_it_is() -> None:
    content = "y,x\n" + rows(50)
    plain, packed = checked(content), checked(gz(content), "train/A.CSV.GZ")
    assert (packed.rows, packed.columns, packed.ranges) == (50, plain.columns, plain.ranges)
    assert (packed.problems, packed.sha256) == ((), hashlib.sha256(gz(content)).hexdigest())


@pytest.mark.parametrize(
    ("cell", "line"),
    [("-", 3), ("1,234", 3), ("1e999", 3), ("1_000", 3), ("0x1F", 3), ("inf", 3), ("-Inf", 3), ("nan", 3), ("١", 3)],
)
def test_a_stray_cell_in_a_column_of_numbers_is_named_with_its_line(cell: str, line: int) -> None:
    content = f'y,x\n1,2\n3,"{cell}"\n5,6\n'
    assert said(content) == [f'train/a.csv column `x` mixes numbers with "{cell}" (line {line}): {MIXED}']


def test_a_tab_beside_a_number_makes_it_no_number_as_in_r() -> None:
    assert said("y,x\n1,2\n3,\t4\n") == [f'train/a.csv column `x` mixes numbers with "\t4" (line 3): {MIXED}']


def test_the_first_three_stray_cells_are_named_and_the_others_counted() -> None:
    content = "y,x\n1,2\n2,a\n3,b\n4,c\n5,d\n6,e\n"
    named = '"a" (line 3), "b" (line 4), "c" (line 5) and 2 more'
    assert said(content) == [f"train/a.csv column `x` mixes numbers with {named}: {MIXED}"]


def test_numbers_among_texts_are_refused_too_for_the_container_would() -> None:
    assert said("y,x\n1,a\n2,b\n3,c\n4,4\n") == [
        f'train/a.csv column `x` mixes numbers with "a" (line 2), "b" (line 3), "c" (line 4): {MIXED}'
    ]


def test_a_long_cell_is_cut() -> None:
    content = f"y,x\n1,2\n3,{'z' * 100}\n"
    assert said(content) == [f'train/a.csv column `x` mixes numbers with "{"z" * 40}…" (line 3): {MIXED}']


@pytest.mark.parametrize("cell", ["", "  ", "NA", "N/A", "NaN", "NULL", "null", " NA "])
def test_a_missing_value_is_refused_naming_line_and_column(cell: str) -> None:
    assert said(f"y,x\n1,2\n3,{cell}\n") == [f"train/a.csv line 3, column `x` has a missing value: {GAP}"]


def test_missing_values_are_counted() -> None:
    assert said("y,k\n1,a\n2,\n3,NA\n4,\n") == [
        f"train/a.csv line 3, column `k` has a missing value (and 2 more): {GAP}"
    ]


def test_missing_values_are_no_problem_where_they_are_dropped_or_imputed() -> None:
    summary = checked("y,k,z\n1,a,\n2,,\n3,NA,\n4,b,\n,,\n")
    assert [str(problem) for problem in summary.refusals("error")] == [
        f"train/a.csv line 6, column `y` has a missing value: {GAP}",
        f"train/a.csv line 3, column `k` has a missing value (and 2 more): {GAP}",
        f"train/a.csv line 2, column `z` has a missing value (and 4 more): {GAP}",
    ]
    assert summary.refusals("drop") == summary.refusals("impute") == ()
    assert summary.missing == {"y": 1, "k": 3, "z": 5}
    assert summary.incomplete_rows == 5
    assert summary.kinds == {"y": "number", "k": "text", "z": "empty"}


def test_a_row_that_lacks_two_values_is_one_incomplete_row() -> None:
    assert checked("y,k,z\n1,,\n2,a,b\n,c,d\n").incomplete_rows == 2


def test_every_columns_problem_is_said() -> None:
    assert len(said("y,x,z\n1,-,\n2,3,NA\n,4,5\n")) == 3


@pytest.mark.parametrize("cells", ["5,1|6,25", "1,234|1,234,567.5"])
def test_numbers_with_commas_are_refused_with_the_hint(cells: str) -> None:
    first, second = cells.split("|")
    assert said(f'y,x\n1,"{first}"\n2,"{second}"\n') == [
        f'train/a.csv column `x` has numbers with commas, "{first}" (line 2), "{second}" (line 3): '
        "use decimal points and no thousands separators."
    ]


def test_free_text_is_refused_as_a_feature() -> None:
    assert said(f"y,x\n1,{'word ' * 60}\n") == [
        "train/a.csv column `x` has text longer than 256 characters: leave it out; free text cannot be a feature."
    ]


def test_formulas_and_markup_are_text_like_any_other() -> None:
    content = "y,<b>=1+1</b>\n1,=cmd|' /C calc'!A0\n2,<script>alert(1)</script>\n"
    assert said(content) == []
    assert checked(content).levels == {"<b>=1+1</b>": ("=cmd|' /C calc'!A0", "<script>alert(1)</script>")}


def test_levels_are_told_apart_by_case_and_blanks() -> None:
    assert checked("y,k\n1,a\n2,A\n3, a\n4,a\n").levels == {"k": ("a", "A", " a")}


def test_a_column_is_read_alike_however_far_down_the_file_its_text_comes() -> None:
    content = "y,x\n" + rows(120_000) + "1,-\n"
    assert said(content) == [f'train/a.csv column `x` mixes numbers with "-" (line 120002): {MIXED}']


def test_rows_that_repeat_an_earlier_one_are_counted() -> None:
    assert checked("y,x\n1,2\n3,4\n1,2\n1,2\n").repeated_rows == 2
