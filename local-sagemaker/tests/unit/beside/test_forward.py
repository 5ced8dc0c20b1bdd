"""What a client sends reaches the other server as it was sent, and the response comes back as it was given."""

import http.client
import socket
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local_sagemaker.beside.forward import Forward
from local_sagemaker.clients import client
from local_sagemaker.http_server import HttpServer, listen
from support.beside.server import Handler, OtherServer, other_server

NAME = "this-proxy"
PIECE = bytes(1 << 16)


@pytest.fixture
def other() -> Iterator[OtherServer]:
    with other_server() as server:
        yield server


@pytest.fixture
def port(other: OtherServer) -> Iterator[int]:
    """The port on which requests are passed on to the other server."""
    yield from forwarding(other.url)


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port on which requests are passed on to nobody."""
    with listen(0) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    yield from forwarding(url)


def forwarding(url: str) -> Iterator[int]:
    listener = listen(0)
    port = listener.getsockname()[1]
    server = HttpServer(listener, Forward(url, NAME))
    yield port
    server.stop()


def ask(port: int, method: str, target: str, body: Any = None, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, target, body, headers)
    return connection.getresponse()


def raw(port: int, *parts: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(b"".join(parts))
    return connection


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"])
def test_every_method_is_passed_on(other: OtherServer, port: int, method: str) -> None:
    ask(port, method, "/bucket/key").read()

    assert other.seen[0].command == method


@pytest.mark.parametrize(
    "target", ["/b/a%20b+c/%C3%BC%2Fd", "/b//twice/../x?list-type=2&prefix=a%2Fb&empty", "/?Action=X&a=%25"]
)
def test_path_and_query_stay_as_the_client_encoded_them(other: OtherServer, port: int, target: str) -> None:
    ask(port, "GET", target).read()

    assert other.seen[0].requestline == f"GET {target} HTTP/1.1"


def test_the_path_of_an_absolute_target_is_passed_on(other: OtherServer, port: int) -> None:
    with raw(port, b"GET http://localhost/b/k?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n") as connection:
        connection.recv(1000)

    assert other.seen[0].path == "/b/k?x=1"


def test_header_names_keep_their_underscores(other: OtherServer, port: int) -> None:
    ask(port, "PUT", "/b/k", b"x", **{"x-amz-meta-a_b": "1", "x-amz-meta-a-b": "2"}).read()

    assert other.seen[0].headers["x-amz-meta-a_b"] == "1"
    assert other.seen[0].headers["x-amz-meta-a-b"] == "2"


def test_a_header_that_is_sent_twice_arrives_twice(other: OtherServer, port: int) -> None:
    with raw(port, b"GET / HTTP/1.1\r\nHost: h\r\nX-Amz-A: 1\r\nX-Amz-A: 2\r\n\r\n") as connection:
        connection.recv(1000)

    assert other.seen[0].headers.get_all("X-Amz-A") == ["1", "2"]


def test_the_host_stays_the_one_that_the_client_signed(other: OtherServer, port: int) -> None:
    ask(port, "GET", "/key", Host="bucket.localhost:4566").read()

    assert other.seen[0].headers.get_all("Host") == ["bucket.localhost:4566"]


def test_headers_of_the_connection_are_not_passed_on(other: OtherServer, port: int) -> None:
    ask(port, "GET", "/", Connection="X-Only-Here", Keep_Alive="1", **{"X-Only-Here": "1", "TE": "trailers"}).read()

    assert other.seen[0].headers["Connection"] == "close"
    assert {"x-only-here", "te"}.isdisjoint(name.lower() for name in other.seen[0].headers)


def test_nothing_but_via_and_connection_is_added(other: OtherServer, port: int) -> None:
    with raw(port, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n") as connection:
        connection.recv(1000)

    assert {name.lower() for name in other.seen[0].headers} == {"host", "via", "connection"}


def test_a_body_with_a_length_arrives_whole(other: OtherServer, port: int) -> None:
    body = bytes(range(256)) * 5000

    assert ask(port, "PUT", "/b/k", body).read() == body
    assert other.seen[0].headers["Content-Length"] == str(len(body))


def test_a_chunked_body_arrives_chunked(other: OtherServer, port: int) -> None:
    signed = b"3;chunk-signature=0\r\nabc\r\n0;chunk-signature=0\r\n\r\n"  # aws-chunked, inside of HTTP's chunks

    answer = ask(port, "PUT", "/b/k", iter([signed[:7], signed[7:]]), **{"Content-Encoding": "aws-chunked"})

    assert answer.read() == signed
    assert other.seen[0].headers["Transfer-Encoding"] == "chunked"
    assert other.seen[0].headers["Content-Encoding"] == "aws-chunked"


def test_a_length_beside_chunks_does_not_count(other: OtherServer, port: int) -> None:
    head = b"PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
    with raw(port, head, b"3\r\nabc\r\n0\r\n\r\n") as connection:
        answer = connection.makefile("rb").read()

    assert answer.endswith(b"\r\n\r\nabc")
    assert "Content-Length" not in other.seen[0].headers


def test_a_client_that_expects_100_continue_gets_it(other: OtherServer, port: int) -> None:
    head = b"PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    with raw(port, head) as connection:
        first = connection.recv(25)
        connection.sendall(b"abc")
        rest = connection.makefile("rb").read()

    assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert rest.endswith(b"\r\n\r\nabc")
    assert "Expect" not in other.seen[0].headers


def test_a_request_body_is_passed_on_while_it_is_sent(other: OtherServer, port: int) -> None:
    has_begun = Event()

    def reads_a_piece_first(request: Handler) -> None:
        request.rfile.read(len(PIECE))
        has_begun.set()
        request.rfile.read(len(PIECE))
        request.say(b"both")

    other.answer = reads_a_piece_first
    with raw(port, b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % (2 * len(PIECE)), PIECE) as connection:
        assert has_begun.wait(20)
        connection.sendall(PIECE)
        assert connection.makefile("rb").read().endswith(b"both")


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_response_body_is_passed_on_while_it_is_sent(other: OtherServer, port: int, is_chunked: bool) -> None:
    was_read = Event()

    def waits_for_its_reader(request: Handler) -> None:
        request.send_response(200)
        request.send_header(*(("Transfer-Encoding", "chunked") if is_chunked else ("Content-Length", "131072")))
        request.end_headers()
        piece = b"%x\r\n%b\r\n" % (len(PIECE), PIECE) if is_chunked else PIECE
        request.wfile.write(piece)
        was_read.wait(20)
        request.wfile.write(piece + (b"0\r\n\r\n" if is_chunked else b""))

    other.answer = waits_for_its_reader
    answer = ask(port, "GET", "/b/k")

    assert answer.read(len(PIECE)) == PIECE
    was_read.set()
    assert answer.read() == PIECE


def test_head_keeps_the_length_of_the_body_that_it_does_not_send(other: OtherServer, port: int) -> None:
    other.answer = lambda request: request.say(b"12345")

    answer = ask(port, "HEAD", "/b/k")

    assert (answer.headers["Content-Length"], answer.read()) == ("5", b"")


def test_status_headers_and_an_encoded_body_come_back_as_they_were_given(other: OtherServer, port: int) -> None:
    given = (("Content-Encoding", "gzip"), ("x-amz-meta-a_b", "1"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    other.answer = lambda request: request.say(b"not gzip at all", 418, *given)

    answer = ask(port, "GET", "/b/k")

    assert (answer.status, answer.read()) == (418, b"not gzip at all")
    assert [pair for pair in answer.getheaders() if pair in given] == list(given)


def test_a_redirect_is_the_clients_to_follow(other: OtherServer, port: int) -> None:
    other.answer = lambda request: request.say(b"", 307, ("Location", "/elsewhere"))

    assert ask(port, "GET", "/b/k").status == 307
    assert len(other.seen) == 1


@pytest.mark.parametrize(
    ("header", "body"), [(("Content-Length", "10"), b"12345"), (("Transfer-Encoding", "chunked"), b"5\r\n12345\r\n")]
)
def test_a_response_that_is_cut_off_stays_cut_off(
    other: OtherServer, port: int, header: tuple[str, str], body: bytes
) -> None:
    def breaks_off(request: Handler) -> None:
        request.send_response(200)
        request.send_header(*header)
        request.end_headers()
        request.wfile.write(body)
        request.close_connection = True

    other.answer = breaks_off

    with pytest.raises(http.client.IncompleteRead):
        ask(port, "GET", "/b/k").read()


def test_a_request_that_a_client_cuts_off_is_not_taken_for_a_whole_one(other: OtherServer, port: int) -> None:
    bodies: list[bytes] = []
    has_ended = Event()

    def reads(request: Handler) -> None:
        bodies.append(request.whole_body())
        has_ended.set()

    other.answer = reads
    raw(port, b"PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n", b"12345").close()

    assert has_ended.wait(20)
    assert bodies == [b"12345"]  # less than its Content-Length, at the connection's end


@pytest.mark.parametrize(
    ("service", "call", "request_"),
    [
        ("s3", "put_object", {"Bucket": "b", "Key": "k", "Body": b"x"}),
        ("events", "list_rules", {}),
        ("sns", "list_topics", {}),
    ],
)
def test_without_the_other_server_each_protocol_gets_its_error(
    dead_port: int, service: str, call: str, request_: dict[str, Any]
) -> None:
    once = Config(retries={"total_max_attempts": 1})
    aws = client(service, f"http://127.0.0.1:{dead_port}", "us-east-1", config=once)

    with pytest.raises(ClientError, match="does not answer") as refused:
        getattr(aws, call)(**request_)

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert refused.value.response["Error"]["Code"] == "ServiceUnavailable"


def test_a_large_upload_sees_the_error_too(dead_port: int) -> None:
    assert ask(dead_port, "PUT", "/b/k", PIECE * 100).status == 503


def test_a_request_that_comes_back_is_refused(other: OtherServer, port: int) -> None:
    answer = ask(port, "GET", "/", Via=f"1.1 {NAME}")

    assert (answer.status, other.seen) == (508, [])
