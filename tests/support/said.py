"""What the shipped code can say, read from its source: every sentence, its values as `…`."""

import ast
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "chalicelib"
VALUE = "…"
DECISIONS = ("Wait", "Nothing", "Start")


def problems() -> set[str]:
    """What can be wrong with data or a tuning spec."""
    found: set[str] = set()
    for file in _source():
        tree = ast.parse(file.read_text())
        for function, call in _calls(tree):
            name = _name(call.func)
            if name in ("Problem", "refused", "_refused"):
                place = 0 if isinstance(call.func, ast.Attribute) else 1
                found |= _texts(call.args[place], function) if len(call.args) > place else set()
    return _something({text for text in found | _of_tables() if text.strip(f" {VALUE}`")})


def reasons() -> set[str]:
    """Why a dataset waits, starts, or does not."""
    tree = ast.parse((CODE / "decision.py").read_text())
    found = {
        text
        for function, call in _calls(tree)
        if _name(call.func) in DECISIONS and len(call.args) > 1
        for text in _texts(call.args[1], function)
    }
    found |= _returned(tree, "_why_no_image") | _given_up()
    return _something({text for text in found if text.strip(f" {VALUE}.")})


def _something(texts: set[str]) -> set[str]:
    assert texts, "nothing was found in the source: was it moved or renamed?"
    return texts


def _source(folder: str = "") -> list[Path]:
    """The source files below a folder. A search that finds none would let every test of what is said pass."""
    files = sorted((CODE / folder).rglob("*.py"))
    assert len(files) > 2, f"there is no source in {CODE / folder}"
    return files


def _given_up() -> set[str]:
    """Why an attempt bought nothing."""
    calls = _calls(ast.parse((CODE / "purchase.py").read_text()))
    return {text for f, call in calls if _name(call.func) == "_give_up" for text in _texts(call.args[2], f)}


def kinds() -> set[str]:
    """Of messages, as their `kind`."""
    trees = [ast.parse(file.read_text()) for file in _source("messages")]
    dicts = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    pairs = [pair for one in dicts for pair in zip(one.keys, one.values, strict=True)]
    return {text for key, value in pairs if key and _texts(key, key) == {"kind"} for text in _texts(value, value)} - {
        VALUE
    }


def errors() -> set[str]:
    """The classes of errors.py."""
    tree = ast.parse((CODE / "errors.py").read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)} - {"Problem", "RetuneError"}


def alarms() -> set[str]:
    """Of the stack, by their names in the template."""
    resources = json.loads((ROOT / "infra/resources.json").read_text())["Resources"]
    return {name for name, one in resources.items() if one.get("Type") == "AWS::CloudWatch::Alarm"}


def _of_tables() -> set[str]:
    tree = ast.parse((CODE / "csv" / "bytes.py").read_text())
    formats = next(n for n in ast.walk(tree) if isinstance(n, ast.Assign) and _name(n.targets[0]) == "_FORMATS")
    rows = [row.elts[1] for row in formats.value.elts]  # type: ignore[attr-defined]
    return {row.value for row in rows} | _returned(tree, "_endless")


def _returned(tree: ast.Module, name: str) -> set[str]:
    function = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name)
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            value = node.value.elts[0] if isinstance(node.value, ast.Tuple) else node.value
            found |= _texts(value, function)
    return found


def _calls(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.Call]]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            yield from ((function, node) for node in ast.walk(function) if isinstance(node, ast.Call))


def _texts(node: ast.AST, function: ast.AST) -> set[str]:
    """Everything that an expression can be, as far as it is text that stands in the source."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.JoinedStr(values=parts):
            return _joined(_texts(part, function) for part in parts)
        case ast.FormattedValue(value=ast.Name() as named):
            return _texts(named, function)
        case ast.IfExp(body=one, orelse=other):
            return _texts(one, function) | _texts(other, function)
        case ast.Name() as named:
            return _assigned(named, function) or {VALUE}
        case _:
            return {VALUE}


def _joined(parts: Iterable[set[str]]) -> set[str]:
    return {"".join(choice).replace(VALUE + VALUE, VALUE) for choice in itertools.product(*parts)}


def _assigned(used: ast.Name, function: ast.AST) -> set[str]:
    """By the nearest line above: what stood in the name before is not said here."""
    above = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and _name(node.targets[0]) == used.id and node.lineno < used.lineno
    ]
    return _texts(max(above, key=lambda node: node.lineno).value, function) if above else set()


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
