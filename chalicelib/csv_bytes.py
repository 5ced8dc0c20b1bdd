"""The bytes of a CSV object as lines of text: unzipped, checked and decoded on the way. Pure, streaming.

Memory stays bounded by one chunk, whatever the file's size; the hash is of the raw bytes, all of them."""

import codecs
import hashlib
import zlib
from collections.abc import Iterable, Iterator

from chalicelib.errors import Problem, Refused

MAX_INFLATED_BYTES = 8 * 1024**3
MAX_RATIO = 200
"""A .csv.gz that inflates to more than this many times its size is no data but a bomb."""
_START_BYTES = 64
_RATIO_COUNTS_FROM = 64 * 1024**2

_FORMATS = (
    (b"\x1f\x8b", "is gzip", "name it .csv.gz"),
    (b"PK\x03\x04", "is a zip archive or an Excel workbook", "save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook", "save the sheet as CSV"),
    (b"PAR1", "is Parquet", "save it as CSV"),
    (b"%PDF", "is PDF", "save the table as CSV"),
    (b"\xff\xfe", "is UTF-16", "save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16", "save it as UTF-8"),
)


class Source:
    """One object's bytes. When `lines()` was exhausted or has raised, `finish()` reads and hashes the rest."""

    def __init__(self, name: str, chunks: Iterable[bytes]):
        self.name = name
        self.size_bytes = 0
        self._chunks = iter(chunks)
        self._hash = hashlib.sha256()

    def lines(self) -> Iterator[str]:
        """Lines with their ends (\\n, \\r\\n, \\r). Raises: Refused: this is not text in UTF-8."""
        yield from _lines(self._text())

    def finish(self) -> str:
        """The SHA-256 of all raw bytes, in hex."""
        for _ in self._raw():
            pass
        return self._hash.hexdigest()

    def _raw(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._hash.update(chunk)
            self.size_bytes += len(chunk)
            yield chunk

    def _text(self) -> Iterator[str]:
        decode = codecs.getincrementaldecoder("utf-8")().decode
        chunks = _with_a_whole_start(self._inflated() if self.name.lower().endswith(".gz") else self._raw())
        for number, chunk in enumerate(chunks):
            if number == 0:
                self._check_format(chunk)
                chunk = chunk.removeprefix(codecs.BOM_UTF8)
            if b"\0" in chunk:
                raise self._refused("has NUL bytes: it is no text, or UTF-16", "save it as CSV in UTF-8")
            yield self._decoded(decode, chunk)
        yield self._decoded(decode, b"", final=True)

    def _decoded(self, decode: object, chunk: bytes, final: bool = False) -> str:
        try:
            return decode(chunk, final)  # type: ignore[operator, no-any-return]
        except UnicodeDecodeError as error:
            raise self._refused("is not UTF-8 (perhaps Latin-1)", "save it as UTF-8") from error

    def _check_format(self, chunk: bytes) -> None:
        for magic, what, fix in _FORMATS:
            if chunk.startswith(magic):
                raise self._refused(what, fix)
        if chunk.lstrip()[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
            raise self._refused("is HTML or XML", "save the table as CSV")

    def _inflated(self) -> Iterator[bytes]:
        inflate = zlib.decompressobj(wbits=31)
        inflated, started = 0, False
        for chunk in _with_a_whole_start(self._raw()):
            if not started and not chunk.startswith(b"\x1f\x8b"):
                raise self._refused("is named .gz and is not gzip", "name it .csv, or compress it")
            started = True
            data = chunk
            while data:
                part = self._part(inflate, data)
                inflated += len(part)
                if inflated > MAX_INFLATED_BYTES or self._is_bomb(inflated):
                    raise self._refused("inflates to far more than it is", "upload it as plain .csv")
                yield part
                data = inflate.unconsumed_tail
                if inflate.eof:
                    data = inflate.unused_data  # another gzip member may follow
                    if data:
                        inflate = zlib.decompressobj(wbits=31)
        if started and not inflate.eof:
            raise self._refused("ends in the middle of its gzip data", "the file may be cut off; upload it again")

    def _part(self, inflate: "zlib._Decompress", data: bytes) -> bytes:
        try:
            return inflate.decompress(data, 1 << 20)
        except zlib.error as error:
            raise self._refused("is damaged gzip", "compress it again") from error

    def _is_bomb(self, inflated: int) -> bool:
        return inflated > _RATIO_COUNTS_FROM and inflated > MAX_RATIO * self.size_bytes

    def _refused(self, what: str, fix: str) -> Refused:
        return Refused((Problem(self.name, what, fix),))


def _with_a_whole_start(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, the first chunk long enough to tell its format."""
    start = b""
    for chunk in chunks:
        start += chunk
        if len(start) >= _START_BYTES:
            break
    if start:
        yield start
    yield from chunks


def _lines(texts: Iterable[str]) -> Iterator[str]:
    """Whole lines; a \\r at the end of one text waits for the \\n that the next may begin with."""
    rest = ""
    for text in texts:
        whole = rest + text
        held = whole.endswith("\r")
        parts = _split(whole[:-1] if held else whole)
        rest = (parts.pop() if parts and not parts[-1].endswith(("\n", "\r")) else "") + ("\r" if held else "")
        yield from parts
    if rest:
        yield from _split(rest)


def _split(text: str) -> list[str]:
    """Split at \\n, \\r\\n and \\r only: `splitlines` would also split at U+2028, form feeds and the like."""
    if "\r" not in text:
        lines = text.split("\n")
        return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    lines = []
    for line in text.split("\n"):
        lines.append(f"{line}\n")
    lines[-1] = lines[-1][:-1]
    return [piece for line in lines if line for piece in _split_returns(line)]


def _split_returns(line: str) -> list[str]:
    body, end = (line[:-2], "\r\n") if line.endswith("\r\n") else (line, "")
    pieces = body.split("\r")
    return [f"{piece}\r" for piece in pieces[:-1]] + ([pieces[-1] + end] if pieces[-1] + end else [])
