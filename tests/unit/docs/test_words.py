"""What a person reads is plain English: a short list of phrases is banned from every page, message and help text."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.visible_text import ROOT, SOURCES, Source, Text

BANNED = {
    r"(?-i:\bMind:)": "Warning:",
    r"\bwhoever\b": "the person who, anyone who, or name the caller",
    r"(?<!`)(?<!user\s)\bnobody\b(?!`)": "no one, or name what is missing",
    r"\bsomebody\b": "someone, or name the other process",
    r"\bthese very\b": "this exact",
    r"\bsay `?(?:--|[A-Z]+=)": "pass",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\bcure[sd]?\b": "fix",
    r"\b(?:is|are|was|were) ill\b(?!-)": "is broken, or is invalid",
    r"(?<!there\s)\b(?:is|are) no (?!longer|more|less|fewer|one|better|worse|different|need|guarantee|such)[a-z]+": (
        "is not a, or has no"
    ),
    r"\bwhat is (?:data|talk)\b": "results, or messages",
    r"\banew\b": "again",
    r"\bwithout a word\b": "silently",
    r"\bfor want of\b": "for lack of",
    r"\b(?:broken|breaks?|broke) off\b": "interrupted",
}

BAD = [
    "Mind: train/iris.csv has 1 duplicate row.",
    "for whoever wants them",
    "NOBODY is told of what ends",
    "Somebody else holds the lease.",
    "These very data were tuned on 1 May.",
    "this removes them: say --yes",
    "say `--region eu-central-1`",
    "say NAME=FOLDER",
    "when that is mended",
    "no retry can cure this",
    "the worker is ill, and stays so",
    "`name` is no legal tag",
    "What is data goes to stdout.",
    "your files are copied anew",
    "it ends without a word",
    "killed, mostly for want of memory",
    "a destruction that was broken off",
]
GOOD = [
    "Never mind the order; keep in mind: it costs.",
    "runs as `nobody`, for the user nobody cannot write",
    "There is no bucket named data.",
    "There are no tuning jobs.",
    "The object is no longer there.",
    "It is no better than the champion.",
    "No one is subscribed to notifications.",
    "Pass --yes.",
    "a secure, amended, ill-formed request; the answer is no.",
]


def findings(texts: Iterable[Text]) -> list[str]:
    """One line for each banned phrase: where it is, and what to write instead."""
    return [
        f"{one.file}:{one.line_of(found.start())}: “{' '.join(found[0].split())}”: write {word}"
        for one in texts
        for pattern, word in BANNED.items()
        for found in re.finditer(pattern.replace(" ", r"\s+"), one.text, flags=re.IGNORECASE)
    ]


def banned_in(source: Source) -> list[str]:
    return [line.removeprefix(f"{ROOT}/") for line in findings(source.texts())]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_no_text_that_a_person_reads_has_a_banned_phrase(source: Source) -> None:
    found = banned_in(source)

    assert not found, "\n".join(found)


SEEDS = [
    ("README.md", "pages", "One line.\nA file that\nnobody reads.\n", 3),
    ("docs/page.md", "docs", "# Title\n\nThe name is no\nname of a bucket.\n", 3),
    ("chalicelib/a/b.py", "chalicelib", 'def f(x):\n    raise E(\n        f"`{x}` "\n        f"is no tag"\n    )\n', 3),
    ("chalicelib/a/report.html", "report", "<p>\n{# a\ncomment #}\nMind: {{ warning }}</p>\n", 4),
    ("cli/a.py", "command line", '"""Doc."""\nX = "This removes it:" " say --yes"\n', 2),
    ("cli/verbs/a.py", "help", 'def verb():\n    """Check.\n\n    Say how to mend it."""\n', 4),
    ("local-sagemaker/src/local_sagemaker/a/b.py", "local AWS", 'X = ["key", "tell whoever asks"]\n', 1),
    ("container/R/a.R", "container", '# it\'s\nstop(\n  \'so that\',\n  "it is \\"mended\\""\n)\n', 4),
    ("infra/resources.json", "template", '{"A": {"Description": "One."},\n "B": {"Description": "Made anew."}}\n', 2),
    ("retune", "scripts", "#!/bin/sh\n# it's\nsay 'somebody waits'\n", 3),
]


@pytest.mark.parametrize(("file", "name", "content", "line"), SEEDS)
def test_a_banned_phrase_is_found_with_its_line(tmp_path: Path, file: str, name: str, content: str, line: int) -> None:
    source = next(one for one in SOURCES if one.name == name)
    place = tmp_path / file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(content)

    assert place in {match for pattern in source.patterns for match in tmp_path.glob(pattern)}
    assert [found.split(": ")[0] for found in findings(source.read(place))] == [f"{place}:{line}"]


def test_comments_and_names_are_not_texts(tmp_path: Path) -> None:
    by_name = {source.name: source for source in SOURCES}
    for name, content in {
        "chalicelib": '"""Nobody."""\n# nobody\nnobody = {"nobody": 1}\n',
        "container": "# nobody's\n`a nobody b` <- 1\n",
        "scripts": "# as nobody's friend\nas_nobody='setpriv --clear-groups'\n",
        "report": "<!-- nobody -->\n",
    }.items():
        file = tmp_path / "file"
        file.write_text(content)

        assert findings(by_name[name].read(file)) == []


@pytest.mark.parametrize("sentence", BAD)
def test_a_sentence_with_a_banned_phrase_is_found(sentence: str) -> None:
    assert len(findings([Text(ROOT, 1, sentence)])) == 1


@pytest.mark.parametrize("sentence", GOOD)
def test_plain_english_is_not_found(sentence: str) -> None:
    assert findings([Text(ROOT, 1, sentence)]) == []


def test_every_banned_phrase_has_an_example() -> None:
    text = "\n".join(BAD)

    assert [pattern for pattern in BANNED if not re.search(pattern, text, flags=re.IGNORECASE)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_source_without_files_or_without_texts_fails(tmp_path: Path, source: Source) -> None:
    with pytest.raises(AssertionError, match="no file matches"):
        source.texts(tmp_path)

    for pattern in source.patterns:
        empty = tmp_path / pattern.replace("**/", "").replace("*", "a")
        empty.parent.mkdir(parents=True, exist_ok=True)
        empty.touch()
    with pytest.raises(AssertionError, match=r"only \d+ texts"):
        source.texts(tmp_path)
