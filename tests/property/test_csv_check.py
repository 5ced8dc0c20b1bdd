"""Whatever table is written as CSV, in whatever chunks it comes, the check reads that table and no other."""

import csv
import hashlib
import io
import json
import zlib
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.csv.columns import MISSING, number
from chalicelib.csv.file import CsvSummary, check_csv

NAMES = st.sampled_from(["y", "a b", "1c", "if", "é", "x,y", 'say "hi"', "日本", "=cmd", "<b>"])
WORDS = st.text(st.sampled_from('ab ,"\n\té😀;0=<'), min_size=1, max_size=6)
TEXT_CELLS = WORDS.map(lambda word: f"t{word}")
NUMBER_CELLS = st.one_of(
    st.integers(-(10**6), 10**6).map(str), st.floats(allow_nan=False, allow_infinity=False).map(repr)
)
COLUMNS = st.sampled_from([TEXT_CELLS, NUMBER_CELLS])


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A header and up to eight rows; each column of numbers or of texts throughout."""
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    cells = [draw(COLUMNS) for _ in names]
    return [names, *draw(st.lists(st.tuples(*cells).map(list), min_size=1, max_size=8))]


def written(table: Sequence[Sequence[str]], end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    return text.getvalue().encode()


def cut(raw: bytes, places: Sequence[int]) -> list[bytes]:
    ends = sorted({min(place, len(raw)) for place in places} | {0, len(raw)})
    return [raw[start:end] for start, end in pairwise(ends)]


PLACES = st.lists(st.integers(0, 200), max_size=12)
QUOTING = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])


@given(tables(), st.sampled_from(["\n", "\r\n"]), QUOTING, PLACES)
def test_a_written_table_is_read_as_it_was(table: list[list[str]], end: str, quoting: int, places: list[int]) -> None:
    raw = written(table, end, quoting)
    summary = check_csv("a.csv", cut(raw, places))
    header, *rows = table
    assert summary.problems == ()
    assert (list(summary.columns), summary.rows) == (header, len(rows))
    for name, cells in zip(header, zip(*rows, strict=True), strict=True):
        if cells[0].startswith("t"):
            assert summary.levels[name] == tuple(dict.fromkeys(cells))
        else:
            values = [float(cell) for cell in cells]
            assert summary.ranges[name] == (min(values), max(values))


@given(st.binary(max_size=150), PLACES)
def test_any_bytes_are_answered_alike_in_any_chunks(raw: bytes, places: list[int]) -> None:
    whole = check_csv("a.csv", [raw])
    assert check_csv("a.csv", cut(raw, places)) == whole
    assert whole.sha256 == hashlib.sha256(raw).hexdigest()
    assert CsvSummary.from_dict(json.loads(json.dumps(whole.to_dict()))) == whole


@given(st.text(st.sampled_from('ab1,\n\r"-; \ufeffé'), max_size=60), PLACES)
def test_any_text_is_answered_alike_in_any_chunks_plain_or_packed(text: str, places: list[int]) -> None:
    raw = text.encode()
    plain = check_csv("a.csv", [raw])
    assert check_csv("a.csv", cut(raw, places)) == plain
    packer = zlib.compressobj(wbits=31)
    packed = check_csv("a.csv.gz", cut(packer.compress(raw) + packer.flush(), places))
    assert [problem.what for problem in packed.problems] == [problem.what for problem in plain.problems]
    assert (packed.columns, packed.rows, packed.levels) == (plain.columns, plain.rows, plain.levels)


@given(tables(), st.data())
def test_a_row_of_another_width_is_always_refused_by_its_line(table: list[list[str]], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(table) - 1))
    wrong = [*table[:at], [*table[at], "more"], *table[at + 1 :]]
    (problem,) = check_csv("a.csv", [written(wrong)]).problems
    line = written(table[:at]).count(b"\n") + 1
    only = len(table) == 2
    assert problem.where == f"a.csv line {line}" or (only and problem.where == "a.csv")


@given(tables(), st.sampled_from(["-", "N/A!", "1e999", "1_0", "0x1", "inf"]))
def test_one_stray_cell_among_numbers_is_always_refused(table: list[list[str]], stray: str) -> None:
    numbers = [["n", *table[0]], *(["1.5", *row] for row in table[1:]), [stray, *table[-1]]]
    (problem,) = check_csv("a.csv", [written(numbers)]).problems
    assert f'column `n` holds numbers and "{stray}"' in problem.what


@given(st.one_of(st.text(max_size=8), st.floats().map(repr), st.from_regex(r"[+-]?[0-9._eE]{1,8}", fullmatch=True)))
def test_a_cell_is_the_number_that_python_reads_or_none(cell: str) -> None:
    value = number(cell)
    if value is not None:
        assert value == float(cell)
    elif cell.isascii() and not set(cell) - set("0123456789.+-eE"):
        assert not _is_finite(cell)


def _is_finite(cell: str) -> bool:
    try:
        return abs(float(cell)) < float("inf")
    except ValueError:
        return False


@given(
    st.lists(st.sampled_from(["1", "2.5", "1_0", "\t3", "٤", "nan", "1e999", "x", "", "NA"]), min_size=1, max_size=6)
)
def test_the_fast_way_through_a_column_and_the_slow_one_agree(cells: list[str]) -> None:
    (summary,) = [check_csv("a.csv", [written([["y", "n"], *(["1", cell] for cell in cells)], quoting=csv.QUOTE_ALL)])]
    values = [number(cell) for cell in cells]
    known = [value for value in values if value is not None]
    missing = sum(cell in MISSING for cell in cells)
    texts = len(cells) - len(known) - missing
    only_missing = "empty" if missing == len(cells) else "number"
    assert summary.kinds["n"] == ("mixed" if known and texts else "text" if texts else only_missing)
    assert bool(summary.problems) == bool(known and texts)
    assert bool(summary.gaps) == bool(missing)
