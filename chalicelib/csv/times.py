"""Tell times that sort as they are written: ISO dates and date-times. Pure.

The container compares times as text, which is their order only if all have one form and one offset from UTC.
`container/R/data/fold_column.R` has the same rule."""

import re

_TIME = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])"
    r"([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?)?"
)
_ZEROS = str.maketrans("123456789", "000000000")


def time_form(text: str) -> str | None:
    """Return the text with each digit replaced by 0, except in the offset; None if it is not an ISO date.

    Accepted are a month, a day, and a time of day with or without its offset."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    offset = found["offset"] or ""
    return text.removesuffix(offset).translate(_ZEROS) + offset
