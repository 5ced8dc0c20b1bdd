"""The pages lead somewhere: their links, the files that they name and the commands that they advise all exist."""

import re
from pathlib import Path

import pytest
import typer

from cli.app import app
from cli.paths import ROOT

README = ROOT / "README.md"
LOCAL_AWS = ROOT / "local-sagemaker"
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted(LOCAL_AWS.glob("**/*.md")),
    ROOT / "bench" / "README.md",
]
OF_TODAY = [page for page in PAGES if page.name != "CHANGELOG.md"]
"""What a changelog names may be gone."""
DOCTOR = sorted((ROOT / "cli" / "doctor").glob("*.py"))
OUR_FOLDERS = "chalicelib|cli|local-sagemaker|container|infra|tests|docs|examples|bench|locks|\\.ci"


def test_the_readme_can_be_read_in_one_sitting() -> None:
    assert len(README.read_text().splitlines()) <= 150


def test_the_pages_are_really_read() -> None:
    assert len(PAGES) > 12
    assert ("docs/operations.md", "#dead-letters") in [(name_of(page), link) for page, link in links()]
    assert "chalicelib/decision.py" in paths(ROOT / "CONTRIBUTING.md")
    assert "demo --csv sales.csv --target revenue --jobs 20" in [words.partition("#")[0].strip() for words in COMMANDS]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: name_of(page))
def test_every_link_within_the_repository_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = [link for found, link in links() if found == page and not leads_somewhere(page, link)]

    assert broken == []


@pytest.mark.parametrize("page", OF_TODAY, ids=lambda page: name_of(page))
def test_every_file_and_folder_that_a_page_names_exists(page: Path) -> None:
    homes = (ROOT, LOCAL_AWS) if page.is_relative_to(LOCAL_AWS) else (ROOT,)
    assert sorted(path for path in paths(page) if not any(any(home.glob(path.rstrip("/"))) for home in homes)) == []


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def links() -> list[tuple[Path, str]]:
    """Each with its page; those to other sites are left out."""
    found = [(page, link) for page in PAGES for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text())]
    return [(page, link) for page, link in found if "://" not in link]


def leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    """As hosting services make them of headings."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^a-z0-9 _-]", "", title.lower()).replace(" ", "-") for title in titles}


def paths(page: Path) -> set[str]:
    """What stands alone between backticks and begins with a folder of ours; `{a,b}` names several."""
    found = re.findall(rf"`((?:{OUR_FOLDERS})/[^`\s<…]*)`", page.read_text())
    return {path for one in found for path in spelled_out(one)}


def spelled_out(path: str) -> list[str]:
    before, brace, rest = path.partition("{")
    names, _, after = rest.partition("}")
    return [before + name + after for name in names.split(",")] if brace else [path]


COMMANDS = sorted(
    {found for file in (*OF_TODAY, *DOCTOR) for found in re.findall(r"\./retune ([^`\"\n;,{)]+)", file.read_text())}
)


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_of_ours_that_is_advised_is_one(words: str) -> None:
    command, rest = typer.main.get_command(app), words.split("#")[0].split()
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        verb = rest.pop(0).strip(".:")
        assert verb in command.commands, words
        command = command.commands[verb]

    options = {option for one in command.params for option in one.opts} | {"--help"}
    assert {word.strip(".:") for word in rest if word.startswith("--")} <= options
