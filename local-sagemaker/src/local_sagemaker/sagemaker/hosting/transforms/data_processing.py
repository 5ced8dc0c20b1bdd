"""The DataProcessing of a transform job: filters the records for the container, and joins its results to them.

docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.hosting.transforms.json_path import NoSuchPath, Select, compile_path
from local_sagemaker.sagemaker.protocol.errors import invalid

_CSV, _JSON = "text/csv", ("application/json", "application/jsonlines")
_ALL = "$"


class NotJoined(Exception):
    """A record or a result is not in the declared format, or their numbers differ."""


@dataclass(frozen=True)
class DataProcessing:
    """`input_filter` and `output_filter` are None if everything is kept."""

    is_csv: bool
    is_joined: bool
    input_filter: Select | None
    output_filter: Select | None

    def given(self, record: bytes) -> bytes:
        """The part of a record that the container receives. Raises: NotJoined."""
        if self.input_filter is None:
            return record
        return self._written(self._selected(self.input_filter, self._read(record))) + b"\n"

    def stored(self, records: Sequence[bytes], result: bytes) -> bytes:
        """The output for a payload's records and their result. Raises: NotJoined."""
        if not self.is_joined and self.output_filter is None:
            return result
        results = [result] if len(records) == 1 else result.splitlines()
        if len(results) != len(records):
            raise NotJoined(f"There are {len(results)} results for {len(records)} records")
        return b"".join(self._line(record, one) + b"\n" for record, one in zip(records, results, strict=True))

    def _line(self, record: bytes, result: bytes) -> bytes:
        value = self._read(result)
        if self.is_joined:
            value = self._joined(self._read(record), value)
        return self._written(value if self.output_filter is None else self._selected(self.output_filter, value))

    def _joined(self, record: Any, result: Any) -> Any:
        if self.is_csv:
            return [*record, *result]
        if isinstance(record, dict):
            return {**record, "SageMakerOutput": result}
        return {"SageMakerInput": record, "SageMakerOutput": result}

    def _selected(self, select: Select, value: Any) -> Any:
        try:
            return select(value)
        except NoSuchPath as e:
            raise NotJoined(str(e)) from e

    def _read(self, text: bytes) -> Any:
        try:
            if self.is_csv:
                return next(csv.reader([text.decode().strip("\r\n")], strict=True), [])
            return json.loads(text)
        except (ValueError, csv.Error) as e:
            raise NotJoined(f"{text[:100]!r} is not valid {'CSV' if self.is_csv else 'JSON'}: {e}") from e

    def _written(self, value: Any) -> bytes:
        if not self.is_csv:
            return json.dumps(value).encode()
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow(value if isinstance(value, list) else [value])
        return text.getvalue().encode()


def data_processing(request: Mapping[str, Any]) -> DataProcessing:
    """The data processing of a checked request."""
    asked = request.get("DataProcessing", {})
    filters = [asked.get(member, _ALL) for member in ("InputFilter", "OutputFilter")]
    given, stored = (None if path == _ALL else compile_path(path) for path in filters)
    is_csv = _media_type(request["TransformInput"].get("ContentType", "")) == _CSV
    return DataProcessing(is_csv, asked.get("JoinSource") == "Input", given, stored)


def check_processing(request: Mapping[str, Any]) -> None:
    """Check the documented formats and splitting for DataProcessing. Raises: ServiceError: ValidationException."""
    asked = request.get("DataProcessing", {})
    for member in ("InputFilter", "OutputFilter"):
        try:
            compile_path(asked.get(member, _ALL))
        except NoSuchPath as e:
            raise invalid(f"{member} is not a JSONPath that batch transform supports: {e}.") from e
    if asked.get("JoinSource", "None") == "None" and not {asked.get("InputFilter"), asked.get("OutputFilter")} - {
        None,
        _ALL,
    }:
        return
    given, stored = request["TransformInput"], request["TransformOutput"]
    types = [_media_type(given.get("ContentType", "")), _media_type(stored.get("Accept", ""))]
    if types != [_CSV, _CSV] and not set(types) <= set(_JSON):
        text = f"DataProcessing needs both ContentType and Accept to be {_CSV}, or to be of {' and '.join(_JSON)}"
        raise invalid(f"{text}, not {types[0]!r} and {types[1]!r}.")
    splits = (given.get("SplitType", "None"), stored.get("AssembleWith", "None"))
    if splits != ("Line", "Line") and (types[0] == _CSV or splits != ("None", "None")):
        raise invalid("DataProcessing needs both SplitType and AssembleWith to be Line.")


def _media_type(text: str) -> str:
    """The media type without its parameters."""
    return text.partition(";")[0].strip().lower()
