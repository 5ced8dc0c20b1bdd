"""Which requests are refused as those of web pages, and what pages of allowed origins get."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_sagemaker.same_origin import InvalidAllowance, SameOrigin, is_own_host

OWN = ["127.0.0.1", "127.8.9.1:80", "[::1]:4566", "localhost", "LOCALHOST:1", "bucket.s3.localhost:4566", "localhost."]
FOREIGN = ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test", "evillocalhost", "10.0.0.1", "0.0.0.0", "[::2]"]
FOREIGN += ["", "localhost,evil.test", "localhost@evil.test", "[::ffff:127.0.0.1]", "2130706433", "localhost:a"]
SIGNED = "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0"


def moto_like(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """An application that allows every origin."""
    start_response("200 OK", [("Access-Control-Allow-Origin", "http://evil.test"), ("ETag", "1")])
    return [b"secret"]


def ask(
    method: str = "POST", *, edge: SameOrigin | None = None, path: str = "/", query: str = "", **headers: str
) -> Any:
    """The status, headers and body of the response."""
    environ = {"REQUEST_METHOD": method, "HTTP_HOST": "localhost:4566", "PATH_INFO": path, "QUERY_STRING": query}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    started: list[Any] = []
    body = (edge or SameOrigin(moto_like))(environ, lambda *told: started.append(told))
    return int(started[0][0].split()[0]), dict(started[0][1]), b"".join(body).decode()


@pytest.mark.parametrize("host", OWN)
def test_loopback_is_an_own_host_with_any_port(host: str) -> None:
    assert is_own_host(host)


@pytest.mark.parametrize("host", FOREIGN)
def test_any_other_host_is_foreign(host: str) -> None:
    assert not is_own_host(host)


@given(st.from_regex(r"[a-z0-9.-]{1,20}\.test(:[0-9]{1,5})?", fullmatch=True))
def test_no_name_outside_localhost_is_an_own_host(host: str) -> None:
    assert not is_own_host(host)


@given(st.ip_addresses(v=4))
def test_of_all_ipv4_addresses_127_slash_8_is_own(address: Any) -> None:
    assert is_own_host(str(address)) == str(address).startswith("127.")


def test_a_foreign_host_is_refused_naming_the_option() -> None:
    status, _, text = ask(host="aws.test:4566")

    assert status == 403
    assert "Host: aws.test:4566" in text and "--allow-host aws.test " in text


def test_a_signed_client_can_read_the_refusal() -> None:
    _, headers, text = ask(host="aws.test", authorization=SIGNED)

    assert headers["Content-Type"] == "text/xml"
    assert "<Code>AccessDenied</Code>" in text


def test_allowed_hosts_pass_and_only_their_subdomains_by_wildcard() -> None:
    edge = SameOrigin(moto_like, allow_hosts=["aws.test", "*.s3.test", "10.0.0.7"])

    hosts = ["aws.test:1", "b.s3.test", "10.0.0.7:80", "x.aws.test", "s3.test"]

    assert [ask(edge=edge, host=host)[0] for host in hosts] == [200, 200, 200, 403, 403]


PAGES = {
    "another origin": {"origin": "http://evil.test"},
    "a sandboxed page": {"origin": "null"},
    "another port": {"origin": "http://localhost:8888", "sec_fetch_site": "same-site"},
    "a page in a bucket": {"origin": "http://localhost:4566", "sec_fetch_site": "same-origin"},
    "a form without Origin": {"sec_fetch_site": "same-origin", "sec_fetch_mode": "navigate"},
    "an old browser": {"user_agent": "Mozilla/5.0"},
    "an address bar": {"sec_fetch_site": "none"},
}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_posts_is_refused(page: str) -> None:
    assert ask(**PAGES[page])[0] == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "of a later standard"])
def test_what_another_page_loads_or_opens_is_refused(site: str) -> None:
    status, _, text = ask("GET", path="/bucket/key", sec_fetch_site=site)

    assert status == 403
    assert f"Sec-Fetch-Site: {site}" in text and "--allow-origin" in text


@pytest.mark.parametrize("headers", [{"sec_fetch_site": "none"}, {"sec_fetch_site": "same-origin"}, {}])
def test_an_object_opens_from_the_address_bar_and_from_another_object(headers: dict[str, str]) -> None:
    query = "X-Amz-Credential=local%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"

    assert ask("GET", path="/b/report.html", query=query, user_agent="Mozilla/5.0", **headers)[0] == 200


CALLS = [
    {"query": "Action=CreateStack"},
    {"path": "/iam_us-east-1/", "query": "x=1"},
    {"query": "X-Amz-Credential=local%2F20260101%2Fus-east-1%2Fiam%2Faws4_request"},
    {"authorization": SIGNED},
    {"x_amz_target": "SageMaker.ListModels"},
]


@pytest.mark.parametrize("call", CALLS)
def test_a_link_that_calls_an_operation_is_refused(call: dict[str, Any]) -> None:
    assert ask("GET", sec_fetch_site="none", **call)[0] == 403


def test_clients_that_are_no_browsers_pass_and_get_no_cors_headers() -> None:
    status, headers, _ = ask(user_agent="Boto3/1.40")

    assert (status, headers) == (200, {"ETag": "1"})


def test_a_preflight_of_another_origin_is_refused_without_cors_headers() -> None:
    status, headers, _ = ask("OPTIONS", origin="http://evil.test", access_control_request_method="POST")

    assert status == 403
    assert not [name for name in headers if name.startswith("Access-Control")]


def test_a_preflight_of_an_allowed_origin_is_answered_without_credentials() -> None:
    edge = SameOrigin(moto_like, allow_origins=["http://localhost:8888/"])
    asked = {"access_control_request_method": "POST", "access_control_request_headers": "x-amz-target"}

    status, headers, _ = ask("OPTIONS", edge=edge, origin="http://localhost:8888", **asked)

    assert status == 204
    assert headers["Access-Control-Allow-Origin"] == "http://localhost:8888"
    assert (headers["Access-Control-Allow-Methods"], headers["Access-Control-Allow-Headers"]) == (
        "POST",
        "x-amz-target",
    )
    assert "Access-Control-Allow-Credentials" not in headers and headers["Vary"] == "Origin"


def test_an_allowed_origin_reads_responses_and_opens_links() -> None:
    edge = SameOrigin(moto_like, allow_origins=["HTTP://notebooks.test:80"])

    called = ask(edge=edge, origin="http://notebooks.test", sec_fetch_site="cross-site")
    linked = ask("GET", edge=edge, referer="http://notebooks.test/", sec_fetch_site="cross-site")
    other = ask(edge=edge, origin="http://notebooks.test.evil.test")

    assert called[1]["Access-Control-Allow-Origin"] == "http://notebooks.test"
    assert [called[0], linked[0], other[0]] == [200, 200, 403]


@pytest.mark.parametrize("host", ["*", "http://aws.test", "aws.test:4566", "", "a b"])
def test_what_is_not_a_host_name_cannot_be_allowed(host: str) -> None:
    with pytest.raises(InvalidAllowance, match="is not a host name"):
        SameOrigin(moto_like, allow_hosts=[host])


@pytest.mark.parametrize("origin", ["*", "null", "localhost:8888", "http://*.test", "http://a/b"])
def test_what_is_not_an_origin_cannot_be_allowed(origin: str) -> None:
    with pytest.raises(InvalidAllowance, match="is not an origin"):
        SameOrigin(moto_like, allow_origins=[origin])
