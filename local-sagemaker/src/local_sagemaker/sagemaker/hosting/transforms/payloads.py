"""Splits an object into payloads, the bodies of invocations, and assembles their results."""

from collections.abc import Iterator
from typing import BinaryIO


class PayloadTooLarge(Exception):
    """A record, or an unsplit object, is larger than MaxPayloadInMB."""


def payloads(file: BinaryIO, split: str, strategy: str, max_bytes: int | None) -> Iterator[list[bytes]]:
    """The records of each payload; an unsplit object is one record. Lines keep their line ends.

    Raises: PayloadTooLarge."""
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
    """The body of an invocation: a single line without its line end, several lines unchanged.

    This is not documented; a container that reads lines accepts either."""
    if split == "Line" and len(records) == 1:
        return records[0].removesuffix(b"\n")
    return b"".join(records)


def assembled(result: bytes, assemble_with: str) -> bytes:
    """One result in the output: with Line, it ends with exactly one newline.

    "Line" is documented to add a newline to every record; that it does not add one to the container's own is our
    interpretation."""
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
        raise PayloadTooLarge(f"Too much data for max payload size: {len(record)} bytes, more than {max_bytes}")
    return record
