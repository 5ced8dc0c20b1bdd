"""The other emulator's URL."""

import socket
from urllib.parse import urlsplit


class UnusableEmulator(Exception):
    """The emulator to stand beside does not answer, or has no S3; the message names its URL and the fix."""


def checked_url(url: str) -> str:
    """`http://host:port`, without a slash at its end. Raises: UnusableEmulator."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or parts.path.strip("/") or parts.query or parts.username:
        raise UnusableEmulator(f"{url!r} is not an emulator's URL: use one such as http://127.0.0.1:4566.")
    return f"{parts.scheme}://{parts.netloc}"


def is_own(url: str, port: int) -> bool:
    """Whether the URL leads to this port of this machine's loopback."""
    parts = urlsplit(url)
    if parts.port != port:
        return False
    try:
        found = socket.getaddrinfo(parts.hostname, port)
    except OSError:
        return False
    return any(str(address[0]).startswith(("127.", "0.0.0.0")) or address[0] == "::1" for *_, address in found)
