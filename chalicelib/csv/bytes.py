"""The bytes of a CSV object as lines of text: unzipped, checked and decoded on the way. Pure, streaming.

Memory stays bounded by one chunk and one line, whatever the file's size; the hash is of the raw bytes, all of them.
What R cannot read is refused here too: several gzip members, odd line ends, the unit separator."""

import codecs
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator

from chalicelib.errors import Problem, Refused

MAX_INFLATED_BYTES = 1024**3
"""Read in about a minute and a half; R needs ten times as much memory to split it."""
MAX_LINE = 1024**2
MAX_RATIO = 200
"""A .csv.gz that inflates to more than this many times its size is no data but a bomb."""
_START_BYTES = 64
_RATIO_COUNTS_FROM = 64 * 1024**2

_GZIP = b"\x1f\x8b"
_FORMATS = (
    (_GZIP, "is gzip", "name it .csv.gz"),
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
        self._lines_before = 0
        self._chunks = iter(chunks)
        self._hash = hashlib.sha256()

    @property
    def _is_gzip(self) -> bool:
        return self.name.lower().endswith(".gz")

    def lines(self) -> Iterator[str]:
        """Lines with their ends, CRLF made LF also within quotes, as R does; no other mark ends a line.

        Raises: Refused: this is not text in UTF-8."""
        rest = ""
        for text in self._text():
            whole = rest + text
            end = whole.rfind("\n") + 1
            if "\r\r\n" in whole:
                raise self._refused(
                    "has two carriage returns at its lines' ends", "save it with LF or CRLF at the lines' ends"
                )
            yield from io.StringIO(whole[:end].replace("\r\n", "\n"), newline="\n")
            rest = whole[end:]
            if len(rest) > MAX_LINE:
                raise self._refused(*_endless(rest))
        if rest:
            yield rest

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
        chunks = _with_a_whole_start(self._inflated() if self._is_gzip else self._raw())
        for number, chunk in enumerate(chunks):
            if number == 0:
                chunk = chunk.removeprefix(codecs.BOM_UTF8)
                self._check_format(chunk)
            if b"\0" in chunk:
                raise self._refused("has NUL bytes: it is no text, or UTF-16", "save it as CSV in UTF-8")
            if b"\x1f" in chunk:
                raise self._refused("has the control character 0x1F (unit separator)", "remove it")
            yield self._decoded(decode, chunk)
            self._lines_before += chunk.count(b"\n")
        yield self._decoded(decode, b"", final=True)

    def _decoded(self, decode: object, chunk: bytes, final: bool = False) -> str:
        try:
            return decode(chunk, final)  # type: ignore[operator, no-any-return]
        except UnicodeDecodeError as error:
            line = self._lines_before + error.object[: error.start].count(b"\n") + 1
            problem = Problem(f"{self.name} line {line}", "is not UTF-8 (perhaps Latin-1)", "save the file as UTF-8")
            raise Refused((problem,)) from error

    def _check_format(self, chunk: bytes) -> None:
        if chunk.startswith(_GZIP) and self._is_gzip:
            raise self._refused("is gzipped twice", "compress it once")
        for magic, what, fix in _FORMATS:
            if chunk.startswith(magic):
                raise self._refused(what, fix)
        if chunk.lstrip()[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
            raise self._refused("is HTML or XML", "save the table as CSV")

    def _inflated(self) -> Iterator[bytes]:
        inflate = zlib.decompressobj(wbits=31)
        inflated, started = 0, False
        for chunk in _with_a_whole_start(self._raw()):
            if not started and not chunk.startswith(_GZIP):
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
            if inflate.unused_data:
                raise self._refused("is several gzip files in one", "compress the whole table at once")
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


def _endless(line: str) -> tuple[str, str]:
    if "\r" in line:
        return "ends its lines with carriage returns alone", "save it with LF or CRLF at the lines' ends"
    return f"has a line of more than {MAX_LINE} characters", "is it a CSV?"
