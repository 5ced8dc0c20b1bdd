"""docs/operations.md explains everything that the code can say, and nothing that it cannot."""

import re
from collections.abc import Callable

import pytest

from tests.support import said

PAGE = (said.ROOT / "docs" / "operations.md").read_text()
SECTIONS: list[tuple[str, Callable[[], set[str]]]] = [
    ("Alarms", said.alarms),
    ("Messages", said.kinds),
    ("Why a dataset waits, starts, or does not", said.reasons),
    ("What can be wrong with data or spec", said.problems),
    ("Errors in the log", said.errors),
]


def rows(title: str) -> list[str]:
    """The first cells of the section's tables."""
    section = re.split(r"^## ", PAGE.split(f"\n## {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    tables = re.findall(r"^\|[^\n]*\|\n\|[-|]+\|\n((?:\|[^\n]*\|\n?)+)", section, flags=re.MULTILINE)
    return [line.split(" | ")[0].removeprefix("| ") for table in tables for line in table.splitlines()]


@pytest.mark.parametrize(("title", "can_be_said"), SECTIONS)
def test_whatever_can_be_said_has_its_row_and_no_row_is_of_the_past(
    title: str, can_be_said: Callable[[], set[str]]
) -> None:
    explained, known = rows(title), can_be_said()

    assert sorted(known - set(explained)) == []
    assert sorted(set(explained) - known) == []
    assert len(explained) == len(set(explained))


def test_the_code_is_really_read() -> None:
    assert "opens a quote that is not closed" in said.problems()
    assert "names the column `…` twice" in said.problems()
    assert "Waiting … s for further files before starting." in said.reasons()
    assert len(said.problems()) > 80 and len(said.reasons()) > 15


def test_every_link_within_the_page_leads_somewhere() -> None:
    titles = re.findall(r"^#+ (.*)$", PAGE, flags=re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}

    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) <= anchors
