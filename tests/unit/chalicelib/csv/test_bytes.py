"""Bytes that are no CSV in UTF-8, and those that are in spite of their looks."""

import gzip
import io
import zipfile

import pytest

from chalicelib.csv.bytes import MAX_LINE
from tests.support.tables import checked, gz, said

ENDS = "save it with LF or CRLF at the lines' ends."


def workbook() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("xl/workbook.xml"), "<workbook/>")  # of 1980: ids of tests must repeat
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (workbook(), "is a zip archive or an Excel workbook: save the sheet as CSV."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Excel workbook: save the sheet as CSV."),
        (b"PAR1\x15\x04\x15", "is Parquet: save it as CSV."),
        (b"%PDF-1.7\n", "is PDF: save the table as CSV."),
        (b"\n <!DOCTYPE html><html>", "is HTML or XML: save the table as CSV."),
        (b"\xef\xbb\xbf<HTML>", "is HTML or XML: save the table as CSV."),
        ("y,x\n1,2\n".encode("utf-16"), "is UTF-16: save it as UTF-8."),
        ("y,x\n1,2\n".encode("utf-16-be"), "has NUL bytes: it is no text, or UTF-16: save it as CSV in UTF-8."),
        (b"y,x\n1,2\n3,\0\n", "has NUL bytes: it is no text, or UTF-16: save it as CSV in UTF-8."),
        (b"y,x\n1,2\x1f\n", "has the control character 0x1F (unit separator): remove it."),
        (gz("y,x\n1,2\n"), "is gzip: name it .csv.gz."),
        (b"y,x\r\r\n1,2\r\r\n", f"has two carriage returns at its lines' ends: {ENDS}"),
        (b"1," * MAX_LINE, f"has a line of more than {MAX_LINE} characters: is it a CSV?"),
        (b"1,2\r" * MAX_LINE, f"ends its lines with carriage returns alone: {ENDS}"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_csv_is_refused_by_what_it_is(content: bytes, what: str) -> None:
    assert said(content) == [f"train/a.csv {what}"]


def test_latin_1_is_refused_with_its_line() -> None:
    content = "y,x\n1,2\n3,café\n".encode("latin-1")
    assert said(content) == ["train/a.csv line 3 is not UTF-8 (perhaps Latin-1): save the file as UTF-8."]


def test_the_line_of_a_wrong_byte_is_counted_over_all_chunks() -> None:
    content = b"y,x\n" + b"1,2\n" * 50_000 + b"3,\xe9\n"
    (problem,) = checked(content, chunk=999).problems
    assert problem.where == "train/a.csv line 50002"


def test_a_file_that_ends_within_a_character_is_not_utf_8() -> None:
    assert said(b"y,x\n1,\xe2\x82") == ["train/a.csv line 2 is not UTF-8 (perhaps Latin-1): save the file as UTF-8."]


def test_carriage_returns_alone_are_refused_for_r_sees_one_line() -> None:
    assert said(b"y,x\r1,2\r3,4\r") == [f"train/a.csv line 1 has a carriage return in the middle: {ENDS}"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [b"\n", b"\r\n", b"\r", b""])
def test_both_kinds_of_line_ends_are_taken_and_none_at_the_end(end: bytes, last: bytes) -> None:
    summary = checked(end.join([b"y,x", b"1,2", b"3,4"]) + last)
    assert (summary.problems, summary.rows, summary.columns) == ((), 2, ("y", "x"))


def test_a_line_end_within_quotes_is_the_same_text_in_both_kinds_of_files() -> None:
    assert checked('y,k\r\n1,"a\r\nb"\r\n').levels == checked('y,k\n1,"a\nb"\n').levels == {"k": ("a\nb",)}


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    for content, name in ((b"\xef\xbb\xbfy,x\n1,2\n", "a.csv"), (gz("\ufeffy,x\n1,2\n"), "a.csv.gz")):
        assert checked(content, name).columns == ("y", "x")


def test_marks_that_unicode_calls_line_ends_are_text() -> None:
    summary = checked("y,k\n1,a\u2028b\n2,c\u0085d\n3,e\x0bf\x0cg\n")
    assert (summary.problems, summary.rows) == ((), 3)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"y,x\n1,2\n", "is named .gz and is not gzip: name it .csv, or compress it."),
        (gz("y,x\n1,2\n")[:-4], "ends in the middle of its gzip data: the file may be cut off; upload it again."),
        (gz("y,x\n")[:10] + b"\xff" * 30, "is damaged gzip: compress it again."),
        (gz("y,x\n1,2\n") + gz("3,4\n"), "is several gzip files in one: compress the whole table at once."),
        (gzip.compress(gz("y,x\n1,2\n"), mtime=0), "is gzipped twice: compress it once."),
        (gzip.compress(workbook(), mtime=0), "is a zip archive or an Excel workbook: save the sheet as CSV."),
        (b"", "is empty: it needs a header and rows."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_gzip_is_refused_by_what_is_wrong(content: bytes, what: str) -> None:
    assert said(content, "train/a.csv.gz") == [f"train/a.csv.gz {what}"]


def test_a_bomb_is_refused_before_it_is_all_inflated() -> None:
    line = "z" * 100_000 + "\n"
    bomb = gz("y\n" + line * 1_000)
    assert len(bomb) < 200_000
    assert said(bomb, "a.csv.gz") == ["a.csv.gz inflates to far more than it is: upload it as plain .csv."]


def test_a_file_of_no_bytes_is_empty() -> None:
    assert said(b"") == ["train/a.csv is empty: it needs a header and rows."]
    assert said(b"\xef\xbb\xbf\n\n") == ["train/a.csv is empty: it needs a header and rows."]
