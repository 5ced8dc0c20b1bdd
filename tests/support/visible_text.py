"""Every text that a person reads: pages, messages, help and descriptions, each with its file and line."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VALUE = "…"


@dataclass(frozen=True)
class Text:
    """`line` is where the text begins; its own line breaks are those of the file."""

    file: Path
    line: int
    text: str

    def line_of(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)


@dataclass(frozen=True)
class Source:
    """Files of one kind. Fewer than `fewest` texts mean that the files moved or can no longer be read."""

    name: str
    patterns: tuple[str, ...]
    read: Callable[[Path], Iterator[Text]]
    fewest: int

    def texts(self, root: Path = ROOT) -> list[Text]:
        """Raises: AssertionError: a pattern matches no file, or there are fewer texts than expected."""
        found: list[Text] = []
        for pattern in self.patterns:
            files = sorted(root.glob(pattern))
            assert files, f"no file matches {pattern}: was it moved or renamed?"
            found += [text for file in files for text in self.read(file)]
        assert len(found) >= self.fewest, f"{self.name}: only {len(found)} texts found"
        return found


def page(file: Path) -> Iterator[Text]:
    """A page as a whole, so that a phrase is found across a line break."""
    if content := file.read_text():
        yield Text(file, 1, content)


def html(file: Path) -> Iterator[Text]:
    """A template without its comments; their lines stay, so that line numbers are right."""
    if content := file.read_text():
        yield Text(file, 1, _without(r"\{#.*?#\}|<!--.*?-->", content))


def code(file: Path) -> Iterator[Text]:
    """The sentences in a Python file: strings with a blank, except docstrings. Values appear as `…`."""
    tree = ast.parse(file.read_text())
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in docstrings | parts:
            text = " ".join(_literal(node).split("\n"))
            if " " in text:
                yield Text(file, node.lineno, text)


def code_and_help(file: Path) -> Iterator[Text]:
    """Strings and docstrings: those of a verb are its `--help`."""
    yield from code(file)
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Text(file, node.lineno, node.value.value)


def r_code(file: Path) -> Iterator[Text]:
    """The strings in an R file that hold a blank."""
    yield from _quoted(file, r"#[^\n]*|`[^`\n]*`")


def shell(file: Path) -> Iterator[Text]:
    """The quoted strings in a shell script that hold a blank."""
    yield from _quoted(file, r"(?:^|(?<=\s))#[^\n]*|\\.")


def descriptions(file: Path) -> Iterator[Text]:
    """What the console shows of a template: descriptions of parameters, outputs and alarms, and labels."""
    content = file.read_text()
    for found in re.finditer(r'"(?:\w*Description|default)"\s*:\s*"((?:\\.|[^"\\])*)"', content):
        yield Text(file, _line(content, found.start(1)), found[1])


SOURCES = [
    Source("pages", ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"), page, 4),
    Source("docs", ("docs/*.md", "local-sagemaker/**/*.md", "bench/README.md", "examples/**/*.ipynb"), page, 10),
    Source("chalicelib", ("app.py", "chalicelib/**/*.py"), code, 300),
    Source("report", ("chalicelib/**/*.html",), html, 2),
    Source("command line", ("cli/**/*.py",), code, 400),
    Source("help", ("cli/app.py", "cli/verbs/**/*.py"), code_and_help, 60),
    Source("local AWS", ("local-sagemaker/src/local_sagemaker/**/*.py",), code, 200),
    Source("container", ("container/**/*.R",), r_code, 80),
    Source("template", ("infra/resources.json",), descriptions, 50),
    Source("scripts", ("retune", ".ci/run", "container/entrypoint", "infra/image/push"), shell, 20),
]


def _literal(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part) if isinstance(part, ast.Constant) else VALUE for part in node.values)
    return node.value if isinstance(node.value, str) else ""


def _quoted(file: Path, not_text: str) -> Iterator[Text]:
    content = file.read_text()
    strings = r'"((?:\\.|[^"\\])*)"|' + r"'((?:\\.|[^'\\])*)'"
    for found in re.finditer(f"{not_text}|{strings}", content, flags=re.MULTILINE | re.DOTALL):
        text = found[1] or found[2] or ""
        if " " in text:
            yield Text(file, _line(content, found.start()), text)


def _without(pattern: str, content: str) -> str:
    return re.sub(pattern, lambda found: "\n" * found[0].count("\n"), content, flags=re.DOTALL)


def _line(content: str, position: int) -> int:
    return content.count("\n", 0, position) + 1
