"""Refuses what web pages send: foreign Host, Origin and Sec-Fetch-Site headers.

A browser sends a page's requests to loopback, too, and a training job runs any command. A page can neither forge nor
omit these headers. Origin comes with everything but GET and HEAD, Sec-Fetch-Site with everything that goes to loopback.
Without a foreign one, a browser may only read S3 objects, since AWS's query protocol changes state by GET.
The price: a page in a bucket can load and link to other objects, but not call the API; nor can a link in another page
open an object, unless its origin is allowed.

fetch.spec.whatwg.org/#origin-header, w3.org/TR/fetch-metadata
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from local_sagemaker.iam import refusals
from local_sagemaker.iam.authorization import drain
from local_sagemaker.iam.sessions import signature

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::\d*)?")
_NAME = re.compile(r"\[?[0-9a-f:.]+\]?|(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\s@*,]+")
_DEFAULT_PORT = {"http": ":80", "https": ":443"}
_EXPOSED = "*"
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class InvalidAllowance(ValueError):
    """A host or an origin that cannot be allowed as it is written; the message shows how."""


class SameOrigin:
    """A WSGI application in front of all others.

    `allow_hosts` holds names without ports; `*.example.test` stands for all subdomains. `allow_origins` holds origins
    such as `http://localhost:8888`, whose pages may call everything and read the responses. Raises: InvalidAllowance.
    """

    def __init__(self, next_: Wsgi, allow_hosts: Sequence[str] = (), allow_origins: Sequence[str] = ()) -> None:
        self._next = next_
        self._hosts = frozenset(map(checked_host, allow_hosts))
        self._origins = frozenset(map(checked_origin, allow_origins))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if (host := environ.get("HTTP_HOST")) is not None and not is_own_host(host, self._hosts):
            return _refuse(environ, start_response, _foreign_host(host))
        if (origin := _origin(environ)) in self._origins:
            return self._share(environ, start_response, origin)
        if message := refusal(environ):
            return _refuse(environ, start_response, message)
        return self._next(environ, _with_cors(start_response, {}))

    def _share(self, environ: dict[str, Any], start_response: Any, origin: str) -> Iterable[bytes]:
        """Answer a page of an allowed origin. Credentials are never allowed: a signature is a header, not a cookie."""
        asked = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
        shared = {"Vary": "Origin"}
        if "HTTP_ORIGIN" in environ:
            shared |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _EXPOSED}
        if environ["REQUEST_METHOD"] != "OPTIONS" or not asked:
            return self._next(environ, _with_cors(start_response, shared))
        preflight = {
            **shared,
            "Access-Control-Allow-Methods": asked,
            "Access-Control-Allow-Headers": environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", ""),
            "Access-Control-Max-Age": "600",
        }
        start_response("204 No Content", list(preflight.items()))
        return []


def is_own_host(host: str, allowed: Iterable[str] = ()) -> bool:
    """Whether a Host header names this machine's loopback, or one of the `allowed` names; its port does not matter."""
    match = _HOST.fullmatch(host.lower())
    name = match[1].removesuffix(".") if match else ""
    if name == "localhost" or name.endswith(".localhost") or _is_loopback(name.strip("[]")):
        return True
    return any(name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in allowed if name)


def refusal(environ: Mapping[str, Any]) -> str | None:
    """The reason to refuse a request as one that a page may have sent; None for any other."""
    origin, site = environ.get("HTTP_ORIGIN"), environ.get("HTTP_SEC_FETCH_SITE", "").lower()
    if origin is not None:
        return _foreign(f"Origin: {origin[:200]}", f"--allow-origin {origin[:200]}")
    if site not in ("", "none", "same-origin"):
        return _foreign(f"Sec-Fetch-Site: {site[:50]}", "--allow-origin with that page's origin")
    is_browser = bool(site) or environ.get("HTTP_USER_AGENT", "").lower().startswith("mozilla/")
    if is_browser and not _reads_objects(environ):
        name = f"Sec-Fetch-Site: {site}" if site else "User-Agent: Mozilla/…"
        return (
            f"A browser sent this request ({name}), and from a browser the local AWS accepts only reads of S3 objects."
        )
    return None


def _reads_objects(environ: Mapping[str, Any]) -> bool:
    """Whether a browser's request can only read S3. moto finds other services by Authorization, X-Amz-Target, or a path
    such as `/iam_us-east-1/`; a bucket's name has no underscore."""
    asked = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    credential = asked.get("X-Amz-Credential", [""])[0].split("/")
    place = environ.get("PATH_INFO", "").lstrip("/").partition("/")[0]
    is_read = environ["REQUEST_METHOD"] in ("GET", "HEAD") and "Action" not in asked and "_" not in place
    is_of_s3 = len(credential) < 4 or credential[3].lower() == "s3"
    return is_read and is_of_s3 and not any(f"HTTP_{name}" in environ for name in ("AUTHORIZATION", "X_AMZ_TARGET"))


def _origin(environ: Mapping[str, Any]) -> str:
    """The page's origin: from Origin or, where a browser sends none, from Referer, which a page cannot forge either."""
    if "HTTP_ORIGIN" in environ:
        return _normal(environ["HTTP_ORIGIN"])
    try:
        page = urlsplit(environ.get("HTTP_REFERER", ""))
    except ValueError:
        return ""
    return _normal(f"{page.scheme}://{page.netloc}")


def _normal(origin: str) -> str:
    """The origin in lower case and without its scheme's default port, as browsers send it."""
    text = origin.strip().lower().removesuffix("/")
    return text.removesuffix(_DEFAULT_PORT.get(text.partition(":")[0], "/"))


def _is_loopback(name: str) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address == ipaddress.ip_address("::1") or address in ipaddress.ip_network("127.0.0.0/8")


def checked_host(name: str) -> str:
    """Return an allowed host in lower case. Raises: InvalidAllowance."""
    if not _NAME.fullmatch(name.lower()):
        raise InvalidAllowance(f"{name!r} is not a host name: use a name without scheme and port, such as aws.test")
    return name.lower()


def checked_origin(origin: str) -> str:
    """Return an allowed origin as browsers send it. Raises: InvalidAllowance."""
    if not _ORIGIN.fullmatch(_normal(origin)):
        raise InvalidAllowance(f"{origin!r} is not an origin: use scheme, host and port, such as http://localhost:8888")
    return _normal(origin)


def _foreign_host(host: str) -> str:
    name = host[:200].rpartition(":")[0] or host[:200]
    return (
        f"Host: {host[:200]} is not this machine's loopback, so the local AWS refuses the request: a web page may "
        f"have pointed that name here (DNS rebinding). If the name is yours, allow it with --allow-host {name} "
        "(allow_hosts)."
    )


def _foreign(header: str, option: str) -> str:
    return (
        f"{header} says that a web page sent this request, so the local AWS refuses it. To open an S3 object, paste "
        f"its URL into the address bar. If the page is yours, allow it with {option} (allow_origins)."
    )


def _refuse(environ: dict[str, Any], start_response: Any, message: str) -> Iterable[bytes]:
    drain(environ)
    if signed := signature(environ):
        return refusals.refuse(signed.service, message, environ, start_response)
    payload = b"" if environ["REQUEST_METHOD"] == "HEAD" else f"{message}\n".encode()
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(payload)),
        "X-Content-Type-Options": "nosniff",
    }
    start_response("403 Forbidden", list(headers.items()))
    return [payload]


def _with_cors(start_response: Any, shared: Mapping[str, str]) -> Any:
    """Replace the CORS headers of moto, which allows every origin, by these."""

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        own = [(name, value) for name, value in headers if not name.lower().startswith("access-control-")]
        return start_response(status, [*own, *shared.items()], *more)

    return start
