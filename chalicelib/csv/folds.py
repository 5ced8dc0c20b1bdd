"""Check the column that decides about a dataset's folds: groups, or times. Pure."""

from collections.abc import Iterator, Sequence

from chalicelib.csv.columns import Cell, Texts
from chalicelib.csv.file import CsvSummary
from chalicelib.csv.records import cut
from chalicelib.csv.times import time_form
from chalicelib.errors import Problem
from chalicelib.fold_rule import FoldRule
from chalicelib.messages.wording import count


def check_fold_column(train: Sequence[CsvSummary], rule: FoldRule, *, is_whole: bool) -> Iterator[Problem]:
    """Yield a problem for each training file with a missing value or a text that is not a time, and for too few values.

    All tables have the rule's column. `is_whole`: whether every row was read; else there may be further values."""
    name = rule.column
    if name is None:
        return
    for table in train:
        yield from _missing(table, name)
    if rule.in_order_of:
        yield from _not_times(train, name)
    values = _values(train, name)
    if is_whole and values is not None and len(values) < rule.parts:
        folds = f"{rule.count} folds in its order" if rule.in_order_of else f"{rule.count} folds"
        found = count(len(values), "different value")
        what = f"column `{cut(name)}` has {found}, but {folds} need at least {rule.parts}"
        yield Problem("train", what, "use fewer `folds`, or another column", code="fold-column-too-few-values")


def _missing(table: CsvSummary, name: str) -> Iterator[Problem]:
    if number := table.missing.get(name):
        where = f"{table.name} line {table.first_missing[name]}, column `{cut(name)}`"
        more = f" (and {number - 1} more)" if number > 1 else ""
        what = f"has a missing value{more}, but `folds` needs it in every row"
        yield Problem(where, what, "fill it in, or remove the row", code="fold-column-missing-value")


def _not_times(train: Sequence[CsvSummary], name: str) -> Iterator[Problem]:
    """Yield a problem for the first cell of each file whose text does not sort as a time among the others."""
    firsts = [table.texts[name].first[1] for table in train if name in table.texts]
    like = next((text for text in firsts if time_form(text)), "")
    for table in train:
        if name in table.texts and (odd := _odd_cell(table.texts[name], like)):
            line, text = odd
            where = f"{table.name} line {line}, column `{cut(name)}`"
            if time_form(text) is None:
                fix = "write it like 2024-01-31 or 2024-01-31T08:30:00, or as a number"
                yield Problem(where, f'"{cut(text)}" is not an ISO date', fix, code="fold-column-not-a-time")
            else:
                fix = "times are compared as text, so all need one form and one offset"
                what = f'"{cut(text)}" is not written like {cut(like)}'
                yield Problem(where, what, fix, code="fold-column-times-differ")


def _odd_cell(texts: Texts, like: str) -> Cell | None:
    return texts.odd or (texts.first if time_form(texts.first[1]) != time_form(like) else None)


def _values(train: Sequence[CsvSummary], name: str) -> set[str] | set[float] | None:
    """Return the column's distinct values, or None if a file has more numbers than its summary lists."""
    if any(table.kinds[name] == "text" for table in train):
        return {level for table in train for level in table.levels.get(name, ())}
    numbers = [table.few_numbers.get(name) for table in train if table.kinds[name] == "number"]
    return None if None in numbers else {value for values in numbers for value in values or ()}
