"""Check the files of a dataset against each other and against the tuning spec. Pure."""

import math
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from chalicelib.csv.columns import MAX_LEVELS, Moments
from chalicelib.csv.file import CsvSummary
from chalicelib.csv.folds import check_fold_column
from chalicelib.csv.records import cut
from chalicelib.errors import Problem
from chalicelib.fold_rule import FoldRule
from chalicelib.hyperparameter import Size
from chalicelib.messages.wording import count

_TYPE = {"number": "numeric", "text": "text", "mixed": "mixed"}
LEAST_ROWS = 10
"""The container's own limit: with fewer rows, folds are too small to measure anything."""

SPREADS = (1e-15, 1e15)
"""Of the target: SageMaker keeps the objective, which is of the order of its variance, as a 32-bit number."""


def check_tables(
    train: Sequence[CsvSummary],
    validation: Sequence[CsvSummary],
    target: str,
    rule: FoldRule,
    missing: str = "error",
    *,
    is_whole: bool = True,
) -> tuple[Problem, ...]:
    """Return every problem that valid files have together: schemas, target, rows, levels, folds.

    `is_whole`: whether every row of `train` was read."""
    if not train:
        return ()
    first = train[0]
    problems = [problem for table in (*train[1:], *validation) for problem in _unlike(first, table)]
    problems += _of_two_kinds((*train, *validation))
    named = {"target": target} | ({"folds": rule.column} if rule.column else {})
    absent = [_no_column(first, key, name) for key, name in named.items() if name not in first.columns]
    features = [name for name in first.columns if name not in named.values()]
    do_agree = not problems
    if do_agree and target in first.columns:
        problems += _bad_target(train, target, missing)
        problems += _bad_features(train, validation, features)
    if do_agree and rule.column in first.columns:
        problems += check_fold_column(train, rule, is_whole=is_whole)
    problems += absent
    if not features:
        problems.append(_no_feature(first))
    return (*problems, *_too_few_rows(train, validation, target, rule, missing))


def dropped_rows(tables: Sequence[CsvSummary], target: str, missing: str) -> int:
    """Return how many rows the container will drop: it never imputes the target."""
    if missing == "drop":
        return sum(table.incomplete_rows for table in tables)
    return sum(table.missing.get(target, 0) for table in tables)


def size_of(
    train: Sequence[CsvSummary], validation: Sequence[CsvSummary], target: str, rule: FoldRule, missing: str
) -> Size:
    """Return the dataset's size. All files must have been read whole."""
    rows = sum(table.rows for table in train) - dropped_rows(train, target, missing)
    return Size(rows, rule.count, bool(validation), rule.in_order_of is not None)


def encoded_columns(train: Sequence[CsvSummary], target: str, fold_column: str | None) -> int:
    """Return the number of columns that the features are encoded in: a factor has one for each level but the first."""
    levels = {name: _levels(train, name) for name in train[0].columns if name not in (target, fold_column)}
    return sum(len(known) - 1 if known else 1 for known in levels.values())


def _too_few_rows(
    train: Sequence[CsvSummary], validation: Sequence[CsvSummary], target: str, rule: FoldRule, missing: str
) -> Iterator[Problem]:
    dropped = dropped_rows(train, target, missing)
    rows = sum(table.rows for table in train) - dropped
    least = max(LEAST_ROWS, 2 * rule.parts) if not validation else LEAST_ROWS
    left = f" left after dropping {dropped} with missing values" if dropped else ""
    if rows < least:
        fix = "add rows, or lower `folds`" if least > LEAST_ROWS else "add rows"
        yield Problem(
            "train", f"has {count(rows, 'row')}{left}, but at least {least} are needed", fix, code="too-few-rows"
        )
    if validation and sum(table.rows for table in validation) == dropped_rows(validation, target, missing):
        yield Problem(
            "validation",
            "has only rows with missing values",
            "add complete rows, or remove its files",
            code="no-complete-row",
        )


def warnings(
    train: Sequence[CsvSummary], target: str, missing: str = "error", fold_column: str | None = None
) -> list[str]:
    """Return what is allowed but belongs in the record and the report."""
    found = []
    lacking = sum(sum(table.missing.values()) for table in train)
    if lacking:
        filled = " Means and most frequent levels replace the other missing values." if missing == "impute" else ""
        dropped = count(dropped_rows(train, target, missing), "row")
        found.append(f"train has {count(lacking, 'missing value')}; {dropped} dropped.{filled}")
    rows = sum(table.rows for table in train)
    features = encoded_columns(train, target, fold_column)
    if rows < 10 * features:
        found.append(f"train has only {count(rows, 'row')} for {count(features, 'feature')}; the model may fit noise.")
    found += [_duplicates(table) for table in train if table.repeated_rows]
    contents = [table.sha256 for table in train]
    if len(set(contents)) < len(contents):
        found.append("Some files in train have identical content; their rows count twice.")
    return found


def _duplicates(table: CsvSummary) -> str:
    counts = "counts" if table.repeated_rows == 1 else "count"
    return f"{table.name} has {count(table.repeated_rows, 'duplicate row')}, which {counts} twice."


def _unlike(first: CsvSummary, table: CsvSummary) -> Iterator[Problem]:
    lacking = [name for name in first.columns if name not in table.columns]
    surplus = [name for name in table.columns if name not in first.columns]
    if lacking:
        yield Problem(
            table.name,
            f"lacks {_names(lacking)}, which {first.name} has",
            "all files must have the same columns",
            code="columns-missing",
        )
    if surplus:
        yield Problem(
            table.name,
            f"has {_names(surplus)}, which {first.name} lacks",
            "all files must have the same columns",
            code="columns-surplus",
        )


def _of_two_kinds(tables: Sequence[CsvSummary]) -> Iterator[Problem]:
    for name in tables[0].columns:
        known = [table for table in tables if table.kinds.get(name, "empty") != "empty"]
        for table in known[1:]:
            if table.kinds[name] != known[0].kinds[name]:
                here, there = (_TYPE[one.kinds[name]] for one in (table, known[0]))
                what = f"column `{cut(name)}` is {here}, but {there} in {known[0].name}"
                yield Problem(
                    table.name, what, "a column must have the same type in all files", code="column-type-differs"
                )


def _no_feature(first: CsvSummary) -> Problem:
    if len(first.columns) < 2:
        fix = "it needs the target and at least one feature"
        return Problem(first.name, "has only one column", fix, code="one-column")
    what = "has no feature besides the target and the column of `folds`"
    return Problem(first.name, what, "add at least one", code="no-feature")


def _no_column(first: CsvSummary, key: str, name: str) -> Problem:
    close = get_close_matches(name, first.columns, n=1, cutoff=0.6)
    columns = ", ".join(cut(name) for name in first.columns[:30])
    fix = f"did you mean `{cut(close[0])}`? The columns are {columns}" if close else f"the columns are {columns}"
    what = f"names the column `{cut(name)}`, which {first.name} does not have"
    return Problem(f"`tuning.json`: `{key}`", what, fix, code=f"{key}-not-a-column")


def _bad_target(train: Sequence[CsvSummary], target: str, missing: str) -> Iterator[Problem]:
    where = f"{train[0].name} column `{cut(target)}`"
    kind = _kind(train, target)
    if kind == "empty":
        yield Problem(where, "has no value in any row", "choose another `target`", code="target-empty")
        return
    if kind != "number":
        yield Problem(where, "is text, but the target must be a number", "choose another `target`", code="target-text")
        return
    ends = [table.ranges[target] for table in train if target in table.ranges]
    if ends and min(low for low, _ in ends) == max(high for _, high in ends):
        yield Problem(
            where,
            "is the same number in every row",
            "there is nothing to learn; choose another `target`",
            code="target-constant",
        )
    elif missing != "drop" or not any(table.incomplete_rows for table in train):  # else the container drops rows
        yield from _bad_spread(train, target, where)


def _bad_spread(train: Sequence[CsvSummary], target: str, where: str) -> Iterator[Problem]:
    deviation = _deviation([table for table in train if target in table.ranges], target)
    if not SPREADS[0] <= deviation <= SPREADS[1]:
        what = f"has a standard deviation of {deviation:.3g}, outside of 1e-15 to 1e15"
        unit = 10.0 ** math.floor(math.log10(deviation))
        yield Problem(where, what, f"divide the column by {unit:g}", code="target-spread")


def _deviation(tables: Sequence[CsvSummary], target: str) -> float:
    """Return the standard deviation; where its square is beyond a float, half the range, which is of its order."""
    moments = sum((table.moments[target] for table in tables), Moments())
    if 0 < moments.squares < sys.float_info.max:
        return math.sqrt(moments.squares / (moments.count - 1))
    ends = [end for table in tables for end in table.ranges[target]]
    return max(sys.float_info.min, max(ends) / 2 - min(ends) / 2)


def _bad_features(
    train: Sequence[CsvSummary], validation: Sequence[CsvSummary], features: Sequence[str]
) -> Iterator[Problem]:
    for name in features:
        if _kind(train, name) == "empty":
            yield Problem(
                f"{train[0].name} column `{cut(name)}`",
                "has no value in any row",
                "leave the column out",
                code="column-empty",
            )
    levels = {name: _levels(train, name) for name in features if _kind(train, name) == "text"}
    for name, known in levels.items():
        where = f"{train[0].name} column `{cut(name)}`"
        if len(known) > MAX_LEVELS:
            what = f"is text with more than {MAX_LEVELS} different values in train"
            yield Problem(
                where, what, "leave it out if it is an identifier, or group its values", code="too-many-levels"
            )
        else:
            yield from _unseen(validation, name, known)
    if features and all(len(levels.get(name, "ab")) == 1 for name in features):
        yield Problem(
            "train",
            "has the same text in every row of every feature",
            "there is nothing to learn from",
            code="features-constant",
        )


def _kind(tables: Sequence[CsvSummary], name: str) -> str:
    """Return the column's kind in the first file that has a value in it."""
    return next((kind for table in tables if (kind := table.kinds[name]) != "empty"), "empty")


def _levels(tables: Sequence[CsvSummary], name: str) -> set[str]:
    return {level for table in tables for level in table.levels.get(name, ())}


def _unseen(validation: Sequence[CsvSummary], name: str, known: set[str]) -> Iterator[Problem]:
    for table in validation:
        new = next((level for level in table.levels.get(name, ()) if level not in known), None)
        if new is not None:
            what = f'column `{cut(name)}` has "{cut(new)}", which no row of train has'
            yield Problem(
                table.name, what, "add such rows to train, or remove them here", code="level-only-in-validation"
            )


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{cut(name)}`" for name in names[:5]) + (
        "" if len(names) <= 5 else f" and {len(names) - 5} more"
    )
