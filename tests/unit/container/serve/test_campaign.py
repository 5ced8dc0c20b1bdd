"""Requests of every kind, mostly malformed, to a running container: it never fails, never answers with another number
of predictions than there are rows, and never with another number than a second computation gives.
"""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.support.container.process import Ml, printed_by_r
from tests.support.container.served_mars import TERMS, Mars, write
from tests.support.container.served_requests import (
    FEATURES,
    FILLS,
    TRAINING,
    TYPES,
    edited,
    edits,
    headers,
    heads,
    paths,
    records,
    requests,
    rows,
    values,
    words,
)
from tests.support.container.server import Answer, Served, serving

campaign = settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def ml(tmp_path_factory: pytest.TempPathFactory) -> Ml:
    """Trained on two numbers and two factors, all of which may be missing in a request."""
    hyperparameters = {"target": "y", "engine": "mda", "degree": "2", "missing": "impute"}
    csv = write(TRAINING, "csv with a header")[0].decode()
    ml = Ml.of(tmp_path_factory.mktemp("campaign"), hyperparameters, train={"a.csv": csv})
    assert ml.train().code == 0
    return ml


@pytest.fixture(scope="module")
def served(ml: Ml) -> Iterator[Served]:
    with serving(ml, SM_NUM_CPUS="2") as running:
        yield running


@pytest.fixture(scope="module")
def description(served: Served) -> dict[str, Any]:
    return dict(json.loads(served.send("GET", "/openapi.json").text))


@pytest.fixture(scope="module")
def mars(ml: Ml) -> Mars:
    csv = Path(ml.root / "input" / "data" / "train" / "a.csv")
    classes = '"numeric", "numeric", "character", "character", "numeric"'
    terms = json.loads(printed_by_r(TERMS.format(csv=csv, classes=classes, target="y")))
    targets = [row["y"] for row in TRAINING]
    beyond = (max(targets) - min(targets)) / 5
    return Mars("y", FEATURES, FILLS, terms, min(targets) - beyond, max(targets) + beyond)


def agrees(answer: Answer, mars: Mars, body: bytes, content_type: str) -> None:
    """The answer holds as many predictions as the body has rows, and those that Python computes."""
    expected = [mars.predict(row) for row in mars.read(body, content_type)]
    assert len(answer.predictions) == len(expected)
    for got, (wanted, magnitude) in zip(answer.predictions, expected, strict=True):
        assert abs(got - wanted) <= 1e-9 * (1 + magnitude)


@campaign
@given(request=requests(), accept=st.sampled_from(["*/*", *TYPES]))
def test_what_the_model_can_answer_is_answered_rightly(
    served: Served, mars: Mars, request: tuple[bytes, str], accept: str
) -> None:
    body, content_type = request

    answer = served.invoke(body, content_type, accept=accept)

    assert answer.type == (content_type if accept == "*/*" else accept)
    agrees(answer, mars, body, content_type)


@campaign
@given(request=requests(), cuts=edits)
def test_a_damaged_request_is_refused_or_means_what_it_says(
    served: Served, mars: Mars, request: tuple[bytes, str], cuts: list[tuple[int, int, bytes]]
) -> None:
    body, content_type = edited(request[0], cuts), request[1]

    answer = served.invoke(body, content_type)

    if answer.status == 200:
        agrees(answer, mars, body, content_type)
    else:
        assert answer.status == 400
        assert answer.error


@campaign
@given(value=st.one_of(values, st.lists(records | rows, max_size=3)))
@example(value={})
@example(value=[{}])
def test_json_is_answered_only_if_the_description_allows_it(
    served: Served, description: dict[str, Any], mars: Mars, value: Any
) -> None:
    allowed = Draft202012Validator({**description, "$ref": "#/components/schemas/Rows"})
    certain = Draft202012Validator({**description, "$ref": "#/components/schemas/Records"})

    answer = served.invoke(json.dumps(value), "application/json")

    if answer.status == 200:
        assert allowed.is_valid(value)
        agrees(answer, mars, json.dumps(value).encode(), "application/json")
    else:
        assert answer.status == 400
        assert not certain.is_valid(value), answer.error


@campaign
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND"]),
    path=paths,
    content_type=words | st.sampled_from(TYPES),
    accept=words | st.sampled_from(TYPES),
    body=st.binary(max_size=60),
)
def test_no_request_makes_the_container_fail(
    served: Served, method: str, path: str, content_type: str, accept: str, body: bytes
) -> None:
    answer = served.send(method, path, body, content_type=content_type, accept=accept)

    assert answer.status < 500
    if answer.status >= 400 and method != "HEAD":
        assert answer.error


@campaign
@given(head=heads | st.binary(max_size=9), lines=st.lists(headers, max_size=3), rest=st.binary(max_size=20))
def test_no_bytes_on_the_wire_make_the_container_fail(
    served: Served, head: bytes, lines: list[bytes], rest: bytes
) -> None:
    host, _, port = served.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as wire:
        wire.sendall(head + b"".join(lines) + b"\r\n" + rest)
        wire.shutdown(socket.SHUT_WR)
        said, statuses = b"", [b"100"]
        with suppress(ConnectionResetError):  # nginx need not read all that is wrong
            while statuses == [b"100"] and (part := wire.recv(65536)):
                said += part
                statuses = re.findall(rb"^HTTP/\S+ (\d+)", said, re.MULTILINE) or statuses

    assert all(status < b"500" for status in statuses)
