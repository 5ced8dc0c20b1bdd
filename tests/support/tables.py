"""CSV files for tests, and what the check says of them."""

import gzip

from chalicelib.csv.file import CsvSummary, check_csv

NAME = "train/a.csv"


def checked(content: bytes | str, name: str = NAME, chunk: int = 1 << 16) -> CsvSummary:
    raw = content.encode() if isinstance(content, str) else content
    return check_csv(name, (raw[at : at + chunk] for at in range(0, len(raw), chunk)))


def said(content: bytes | str, name: str = NAME) -> list[str]:
    """What is said against the file; nothing when it is sound."""
    return [str(problem) for problem in checked(content, name).refusals("error")]


def gz(content: str) -> bytes:
    return gzip.compress(content.encode(), mtime=0)


def rows(number: int, row: str = "{0},{1}") -> str:
    """So many different rows, `{0}` counting from 0 and `{1}` the square of it."""
    return "".join(row.format(at, at * at) + "\n" for at in range(number))


TWENTY = "y,x\n" + rows(20)


def a_table(content: str = TWENTY, name: str = "train/a.csv") -> CsvSummary:
    table = checked(content, name)
    assert not table.problems
    return table


def lettered(number: int, of: int) -> str:
    """So many rows of `y` and `k`, a text of so many levels."""
    return "y,k\n" + "".join(f"{at},k{at % of}\n" for at in range(number))
