"""An object in pieces, each the body of one invocation, and the results in one piece again."""

from collections.abc import Iterator
from typing import BinaryIO


class TooLarge(Exception):
    """A record, or an object that is not split, is larger than MaxPayloadInMB allows."""


def payloads(file: BinaryIO, split: str, strategy: str, max_bytes: int | None) -> Iterator[list[bytes]]:
    """The records of each payload; an object that is not split is one record. Lines keep their ends.

    Raises: TooLarge."""
    records = _lines(file) if split == "Line" else _whole(file)
    if strategy == "SingleRecord" or split == "None":
        for record in records:
            yield [_fitting(record, max_bytes)]
        return
    batch: list[bytes] = []
    size = 0
    for record in records:
        _fitting(record, max_bytes)
        if batch and max_bytes is not None and size + len(record) > max_bytes:
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += len(record)
    if batch:
        yield batch


def as_body(records: list[bytes], split: str) -> bytes:
    """A single line is sent without its end, several as they stand in the object.

    No document says so; a container that reads lines takes either."""
    if split == "Line" and len(records) == 1:
        return records[0].removesuffix(b"\n")
    return b"".join(records)


def assembled(result: bytes, assemble_with: str) -> bytes:
    """One result as it stands in the output: by Line it ends with a newline, once, whoever wrote it.

    "Line" is documented to add a newline to every record; that none is added to a container's own is our reading."""
    if assemble_with == "Line" and not result.endswith(b"\n"):
        return result + b"\n"
    return result


def _whole(file: BinaryIO) -> Iterator[bytes]:
    body = file.read()
    if body:
        yield body


def _lines(file: BinaryIO) -> Iterator[bytes]:
    yield from file


def _fitting(record: bytes, max_bytes: int | None) -> bytes:
    if max_bytes is not None and len(record) > max_bytes:
        raise TooLarge(f"Too much data for max payload size: {len(record)} bytes, more than {max_bytes}")
    return record
