"""Requests for the campaign, right ones and malformed ones, and the data that its model is trained on."""

from statistics import fmean, mode
from typing import Any

from hypothesis import strategies as st

from tests.support.container.served_mars import write

KINDS = ["plain", 'so, "called"', "é"]
FLAGS = ["FALSE", "TRUE"]
FEATURES = {"a": None, "b": None, "kind": KINDS, "flag": FLAGS}
TYPES = ["text/csv", "application/json", "application/jsonlines"]
FORMS = ["records", "arrays", "columns", "instances", "lines", "lines of arrays", "csv", "csv with a header"]


def training_row(i: int) -> dict[str, Any]:
    a, b = (i * 37 % 101) / 7, (i * 53 % 89) - 40
    kind, flag = KINDS[i * 7 % 4 % 3], FLAGS[i * 11 % 5 > 1]
    y = abs(a - 5) * (1 + KINDS.index(kind)) + max(0, b) * (flag == "TRUE")
    return {"a": a, "b": b, "kind": kind, "flag": flag, "y": y}


TRAINING = [training_row(i) for i in range(120)]
FILLS = {
    **{name: fmean(row[name] for row in TRAINING) for name in ("a", "b")},
    **{name: mode(row[name] for row in TRAINING) for name in ("kind", "flag")},
}


numbers = st.one_of(st.integers(-1000, 1000), st.floats(-1e9, 1e9))
rows = st.fixed_dictionaries(
    {
        "a": st.none() | numbers,
        "b": numbers,
        "kind": st.none() | st.sampled_from(KINDS),
        "flag": st.sampled_from(FLAGS),
    }
)
tables = st.tuples(st.lists(rows, min_size=1, max_size=12), st.permutations([*FEATURES]))


@st.composite
def requests(draw: st.DrawFn) -> tuple[bytes, str]:
    """A request that the model can answer."""
    table, order = draw(tables)
    form = draw(st.sampled_from(FORMS))
    named = form not in ("csv", "arrays", "lines of arrays")
    table = [{name: row[name] for name in (order if named else FEATURES)} for row in table]
    if named and draw(st.booleans()):
        table = [{**row, "y": 1} for row in table]
    return write(table, form)


fragments = st.one_of(
    st.binary(max_size=4),
    st.sampled_from(
        [b",", b"\n", b'"', b"\r\n", b"{", b"}", b"[", b"]", b"null", b"NA", b"1e400", b"\\u", b"\xef\xbb\xbf"]
    ),
)
edits = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 6), fragments), min_size=1, max_size=3)


def edited(body: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    """With some bytes replaced by others."""
    for start, length, instead in cuts:
        at = start % (len(body) + 1)
        body = body[:at] + instead + body[at + length :]
    return body


scalars = st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=4), st.sampled_from([*KINDS, *FLAGS]))
names = st.sampled_from(["a", "b", "kind", "flag", "y", "instances", "A", ""])
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(names, inner, max_size=6), max_leaves=12
)
records = st.fixed_dictionaries({}, optional=dict.fromkeys(["a", "b", "kind", "flag", "y", "z"], scalars))


words = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20)
paths = st.sampled_from(
    ["/invocations", "/ping", "/openapi.json", "/execution-parameters", "/", "/x%00y", "/%ff", "//ping"]
)


heads = st.sampled_from(
    [
        b"POST /invocations HTTP/1.1\r\nHost: a\r\n",
        b"GET /ping HTTP/1.0\r\n",
        b"GET /ping\r\n",
        b"TRACE / HTTP/1.1\r\nHost: a\r\n",
    ]
)
headers = st.sampled_from(
    [
        b"Content-Length: 5\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 99999999999999\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Type: text/csv\r\n",
        b"Expect: 100-continue\r\n",
        b"\x00\xff: x\r\n",
        b"X: " + b"y" * 9000 + b"\r\n",
    ]
)
