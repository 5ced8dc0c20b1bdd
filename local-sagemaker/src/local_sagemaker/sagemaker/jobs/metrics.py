"""Extracts metrics from the log with the job's regular expressions."""

import math
import struct
from collections.abc import Iterable, Mapping

from local_sagemaker.sagemaker.protocol.java_regex import searcher


class Scraper:
    """Reads one job's log line by line; the last value of each metric counts."""

    def __init__(self, definitions: Iterable[Mapping[str, str]]):
        self._patterns = {found["Name"]: searcher(found["Regex"]) for found in definitions}

    def read(self, line: str) -> dict[str, float]:
        """The metrics in the line, as the 32-bit floats that SageMaker keeps; NaN and infinite values are ignored."""
        found = {}
        for name, pattern in self._patterns.items():
            match = pattern.search(line)
            text = match[1] if match and pattern.groups else None
            value = _number(text) if text else None
            if value is not None:
                found[name] = value
        return found

    def matches(self, name: str, line: str) -> bool:
        """Whether the metric's regular expression matches the line, with or without a value in it."""
        return self._patterns[name].search(line) is not None


def as_float32(value: float) -> float:
    """The nearest 32-bit float; infinite if the value is too large."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _number(text: str) -> float | None:
    """The value as a 32-bit float, the API's type. That one which is none, such as 1e200, is no value is an assumption:
    JSON has no infinity, and AWS documents nothing."""
    try:
        value = as_float32(float(text))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
