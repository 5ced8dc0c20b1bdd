"""Serving under SageMaker's container contract."""

import http.client
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from local_sagemaker.example_image.data import Feature
from local_sagemaker.example_image.model import Model
from local_sagemaker.example_image.regression import fit
from local_sagemaker.example_image.serve import Server

X = np.linspace(0, 10, 50)[:, None]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """That of a server whose model predicts 2 x."""
    model = Model((Feature("x"),), fit(X, 2 * X[:, 0], alpha=1e-6, gamma=0.1))
    with Server(("127.0.0.1", 0), model) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def ask(port: int, method: str, path: str, body: bytes = b"", kind: str = "text/csv") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {"Content-Type": kind})
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer


def test_a_ping_says_that_it_is_healthy(port: int) -> None:
    assert ask(port, "GET", "/ping") == (200, "")


@pytest.mark.parametrize("body", [b"2\n3", b"x\n2\n3\n", b"y,x\n0,2\n0,3\n"])
def test_each_row_gets_a_prediction_on_a_line_of_its_own(port: int, body: bytes) -> None:
    status, text = ask(port, "POST", "/invocations", body, "text/csv; charset=utf-8")

    assert status == 200
    assert [float(line) for line in text.splitlines()] == pytest.approx([4, 6], abs=0.01)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"1,2\n", "the request line 1 must have 1 fields, not 2\n"),
        (b"1\nx\n", "the request line 2: x must be a number, not 'x'\n"),
        (b"\xff", "the request must be in UTF-8\n"),
    ],
)
def test_invalid_rows_are_the_callers_error(port: int, body: bytes, message: str) -> None:
    assert ask(port, "POST", "/invocations", body) == (400, message)


def test_another_content_type_is_refused(port: int) -> None:
    answer = ask(port, "POST", "/invocations", b"{}", "application/json")

    assert answer == (415, "the content type must be text/csv, not application/json\n")


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/ping")])
def test_another_path_is_not_found(port: int, method: str, path: str) -> None:
    assert ask(port, method, path)[0] == 404
