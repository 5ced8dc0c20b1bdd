"""Numbers, times and foreign text as people read them, in messages and reports. Pure."""

import textwrap
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

COLUMNS = 80
LONGEST_TEXT = 1_000


def printable(text: str, longest: int = LONGEST_TEXT) -> str:
    """What others wrote (reasons, file names) on one line, without control characters, cut to `longest`."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= longest else line[: longest - 3] + "..."


def number(value: float | None, digits: int = 4) -> str:
    """So many significant digits; where these do not reach the point, the whole number, as in `1,234,567`."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if 10**digits <= abs(value) < 1e15 else f"{value:.{digits}g}"


def usd(value: float | None) -> str:
    """Dollars and cents, as in a subject line."""
    if value is None:
        return "cost unknown"
    return "under $0.01" if 0 < value < 0.005 else f"${value:,.2f}"


def count(amount: int, noun: str) -> str:
    return f"{amount} {noun}" if amount == 1 else f"{amount} {noun}s"


def duration(seconds: float | None) -> str:
    """Like `2.4 s`, `3 min 20 s` or `1 h 05 min`."""
    if seconds is None:
        return "-"
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def moment(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def cost_sentence(cost: Mapping[str, Any]) -> str:
    """What a record's `cost` says, with where it comes from."""
    ran = f"{duration(cost['seconds'])} of {cost['instance_type'] or 'an unknown instance type'}"
    if cost["usd"] is None:
        return f"unknown: {ran} in {cost['region']}, whose price is not in the table."
    cents = usd(cost["usd"])
    amount = cents if cents.startswith("under") else f"{'at most' if cost['spot'] else 'about'} {cents}"
    price = f"${cost['price_usd_per_hour']:.4g} an hour ({cost['region']}, prices of {cost['prices_as_of']})"
    return f"{amount}: {ran} at {price}."


def champion_sentence(record: Mapping[str, Any]) -> str:
    """How the best training job compares with the dataset's champion; empty when there is no best."""
    champion, value = record["champion"], record["objective"]["value"]
    other = champion.get("previous" if champion.get("promoted") else "current")
    if record["best"] is None:
        return ""
    if not other:
        return "It is the dataset's champion."
    known = f"{other['tuning_job']} with mse {number(other['objective'])}"
    if champion.get("promoted"):
        less = 1 - value / other["objective"] if other["objective"] else 0.0
        return f"It is the new champion, {less:.1%} below {known}."
    return f"It is no better than the champion, {known}, which stays."


def paragraph(text: str, indent: str = "") -> str:
    """Wrapped at 80 columns; a word that is longer, such as an S3 address, is left whole."""
    return textwrap.fill(
        text,
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Two aligned columns, indented by two."""
    lines = list(rows)
    width = max((len(name) for name, _ in lines), default=0)
    return "\n".join(f"  {name:<{width}}  {value}".rstrip() for name, value in lines)
