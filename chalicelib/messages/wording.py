"""Format numbers, times and external text for messages and reports. Pure."""

import textwrap
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

COLUMNS = 80
LONGEST_TEXT = 1_000


def printable(text: str, longest: int = LONGEST_TEXT) -> str:
    """Put external text (reasons, file names) on one line, without control characters, cut to `longest`."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= longest else line[: longest - 3] + "..."


def number(value: float | None, digits: int = 4) -> str:
    """Round to `digits` significant digits; a number with more digits before the point becomes whole: `1,234,567`."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if 10**digits <= abs(value) < 1e15 else f"{value:.{digits}g}"


def usd(value: float | None) -> str:
    """Format dollars and cents, as in a subject line."""
    if value is None:
        return "cost unknown"
    return "under $0.01" if 0 < value < 0.005 else f"${value:,.2f}"


def count(amount: int, noun: str) -> str:
    return f"{amount} {noun}" if amount == 1 else f"{amount} {noun}s"


def duration(seconds: float | None) -> str:
    """Format seconds, like `2.4 s`, `3 min 20 s` or `1 h 05 min`."""
    if seconds is None:
        return "-"
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def moment(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def cost_sentence(cost: Mapping[str, Any]) -> str:
    """Describe a record's `cost` and how it was calculated."""
    ran = f"{duration(cost['seconds'])} of {cost['instance_type'] or 'an unknown instance type'}"
    if cost["usd"] is None:
        return f"unknown: {ran} in {cost['region']}, whose price is not in the table."
    cents = usd(cost["usd"])
    amount = cents if cents.startswith("under") else f"{'at most' if cost['spot'] else 'about'} {cents}"
    price = f"${cost['price_usd_per_hour']:.4g} an hour ({cost['region']}, prices of {cost['prices_as_of']})"
    return f"{amount}: {ran} at {price}."


def champion_sentence(record: Mapping[str, Any]) -> str:
    """Compare the best training job with the dataset's champion; empty if there is no best training job."""
    champion, value = record["champion"], record["objective"]["value"]
    other = champion.get("previous" if champion.get("promoted") else "current")
    if record["best"] is None:
        return ""
    if not other:
        return "It is the dataset's champion."
    known = f"{other['tuning_job']} (mse {number(other['objective'])})"
    if champion.get("promoted"):
        less = 1 - value / other["objective"] if other["objective"] else 0.0
        return f"It is the new champion: its mse is {less:.1%} below that of {known}."
    return f"It does not beat the champion, {known}."


_MEASURES = {
    "rmse": "root mean squared error",
    "mae": "mean absolute error",
    "mse_se": "standard error of the mse",
    "r2": "R squared",
    "baseline_mse": "mse of the target's mean",
    "linear_mse": "mse of least squares",
}


def measure_rows(best: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a label and a number for each figure beside a record's objective; empty for an image that logs none."""
    found = best.get("measures") or {}
    return [(label, number(found[name])) for name, label in _MEASURES.items() if name in found]


def model_sentence(best: Mapping[str, Any]) -> str:
    """Describe the model of a record's best training job; empty if its image logs nothing of it."""
    model = best.get("model") or {}
    if not model:
        return ""
    members, terms = model["members"], count(model["terms"], "term")
    if members == 1:
        return f"Fitted by the engine {model['engine']}: one fit to all rows, with {terms}."
    fits = f"the average of {members} fits, each to all folds but one"
    return f"Fitted by the engine {model['engine']}: {fits}, with {terms} in all."


def average_sentence(record: Mapping[str, Any]) -> str:
    """Say that cross-validation measured the fits, not their average; empty unless it did and an average is served."""
    members = ((record["best"] or {}).get("model") or {}).get("members", 1)
    if members == 1 or any(file["channel"] == "validation" for file in record["data"]["files"]):
        return ""
    return "The mse is that of these fits, each on the rows that it has not seen; their average usually errs less."


def paragraph(text: str, indent: str = "") -> str:
    """Wrap at 80 columns; a longer word, such as an S3 URI, is not broken."""
    return textwrap.fill(
        text,
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Align two columns, indented by two spaces."""
    lines = list(rows)
    width = max((len(name) for name, _ in lines), default=0)
    return "\n".join(f"  {name:<{width}}  {value}".rstrip() for name, value in lines)
