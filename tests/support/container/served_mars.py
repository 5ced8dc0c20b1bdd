"""What the container must answer, computed a second time: requests read with Python's own csv and json, and MARS
evaluated from the terms that a fit in a plain R session has.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
MISSING_IN_CSV = {"", "NA", "N/A", "NaN", "null", "NULL"}
# Every term of the fits to all folds but one, as [coefficient, [[column of the encoded matrix, sign,
# knot], …]].
TERMS = """
rows <- read.csv("{csv}", check.names = FALSE, colClasses = c({classes}), encoding = "UTF-8")
rows[] <- lapply(rows, function(values) {{
  if (is.character(values)) factor(values, sort(unique(values), method = "radix")) else values
}})
rows <- in_own_order(rows, "{target}")
features <- rows[names(rows) != "{target}"]
x <- model.matrix(~ ., features)[, -1]
fold <- folds_of(features, 5)
terms <- lapply(1:5, function(k) {{
  fit <- mars(x[fold != k, ], rows${target}[fold != k], degree = 2)
  chosen <- fit$selected.terms
  lapply(seq_along(chosen), function(i) {{
    columns <- unname(which(fit$factor[chosen[i], ] != 0))
    list(fit$coefficients[i] / 5, lapply(columns, function(column) {{
      c(column - 1, fit$factor[chosen[i], column], fit$cuts[chosen[i], column])
    }}))
  }})
}})
cat(jsonlite::toJSON(do.call(c, terms), digits = NA, auto_unbox = TRUE))
"""


@dataclass(frozen=True)
class Mars:
    """A model: its features in order, each with its levels if it is a factor, and its terms."""

    target: str
    features: Mapping[str, Sequence[str] | None]
    fills: Row
    terms: Sequence[tuple[float, Sequence[tuple[float, float, float]]]]
    low: float
    high: float
    """Between which predictions are kept."""

    def predict(self, row: Row) -> tuple[float, float]:
        """The prediction, and the sum of its terms' magnitudes. Raises: ValueError: the model cannot score this."""
        x = [value for name in self.features for value in self._encode(name, row[name])]
        addends = []
        for coefficient, hinges in self.terms:
            addend = coefficient
            for column, sign, knot in hinges:
                addend *= max(0.0, sign * (x[int(column)] - knot))
            addends.append(addend)
        return min(max(sum(addends), self.low), self.high), sum(map(abs, addends))

    def _encode(self, name: str, value: Any) -> list[float]:
        value = self.fills[name] if value is None else value
        levels = self.features[name]
        if levels is None:
            return [float(value)]
        return [float(position == levels.index(value)) for position in range(1, len(levels))]

    def read(self, body: bytes, content_type: str) -> list[Row]:
        """Its rows, at least one. Raises: ValueError, KeyError or TypeError: this is no request for the model."""
        text = body.decode("utf-8-sig")
        readers = {"text/csv": self._read_csv, "application/json": self._read_json}
        rows = readers.get(content_type, self._read_lines)(text)
        if not rows or any(set(row) - {self.target} != set(self.features) for row in rows):
            raise ValueError(rows)
        return rows

    def _read_csv(self, text: str) -> list[Row]:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        while records and records[-1] in ([], [""]):
            records.pop()
        known = {self.target, *self.features}
        header = records.pop(0) if records and set(records[0]) <= known else list(self.features)
        return [
            {name: None if cell.strip() in MISSING_IN_CSV else cell for name, cell in zip(header, record, strict=True)}
            for record in records
        ]

    def _read_json(self, text: str) -> list[Row]:
        value = json.loads(text)
        if isinstance(value, dict) and set(value) == {"instances"}:
            value = value["instances"]
        elif isinstance(value, dict):
            return [dict(zip(value, cells, strict=True)) for cells in zip(*value.values(), strict=True)]
        return [self._as_row(row) for row in value]

    def _read_lines(self, text: str) -> list[Row]:
        return [self._as_row(json.loads(line)) for line in text.rstrip("\r\n\t ").split("\n")]

    def _as_row(self, value: Any) -> Row:
        return value if isinstance(value, dict) else dict(zip(self.features, value, strict=True))


def write(rows: Sequence[Row], form: str) -> tuple[bytes, str]:
    """The rows as a request of this form, and its content type."""
    columns = list(rows[0])
    if form.startswith("csv"):
        lines = [[as_field(row[name]) for name in columns] for row in rows]
        lines = [columns, *lines] if form == "csv with a header" else lines
        return "".join(",".join(line) + "\r\n" for line in lines).encode(), "text/csv"
    arrays = [list(row.values()) for row in rows]
    if form.startswith("lines"):
        values: Sequence[Any] = arrays if form == "lines of arrays" else rows
        return "\n".join(map(json.dumps, values)).encode(), "application/jsonlines"
    wrapped = {
        "records": rows,
        "arrays": arrays,
        "columns": {name: [row[name] for row in rows] for name in columns},
        "instances": {"instances": rows},
    }
    return json.dumps(wrapped[form], ensure_ascii=False).encode(), "application/json"


def as_field(cell: Any) -> str:
    """One field of CSV, quoted if it is text."""
    if cell is None:
        return ""
    return '"{}"'.format(cell.replace('"', '""')) if isinstance(cell, str) else repr(cell)
