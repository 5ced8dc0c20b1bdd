"""The URL of another emulator, which is not one's own."""

import pytest

from local_sagemaker.beside.url import UnusableEmulator, checked_url, is_own


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.9", "0.0.0.0", "[::1]"])
def test_every_name_of_loopback_is_this_machine(host: str) -> None:
    assert is_own(f"http://{host}:4566", 4566)


@pytest.mark.parametrize("url", ["http://127.0.0.1:4567", "http://192.0.2.1:4566", "http://no.such.host.invalid:4566"])
def test_another_port_or_machine_is_another_emulator(url: str) -> None:
    assert not is_own(url, 4566)


@pytest.mark.parametrize("url", ["http://127.0.0.1:4566/", "https://aws.test", "http://[::1]:4566"])
def test_a_url_of_scheme_host_and_port_is_taken(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:4566",
        "localhost",
        "ftp://host",
        "http://",
        "http://h:port",
        "http://h/path",
        "http://h?q",
        "http://u@h",
    ],
)
def test_any_other_url_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(UnusableEmulator, match="use one such as"):
        checked_url(url)
