"""The address and the port that it listens on."""

import socket
from pathlib import Path

import pytest

from local_sagemaker.durability.database import Database
from local_sagemaker.http_server import PortRefused, listen, listen_again, own_host


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "state.sqlite", {})


def port_of(listener: socket.socket) -> int:
    with listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize(
    ("bind", "host"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("203.0.113.7", "203.0.113.7"),
        ("::", "[::1]"),
        ("2001:db8::7", "[2001:db8::7]"),
    ],
)
def test_programs_of_this_machine_reach_it_at_its_address_or_at_loopback(bind: str, host: str) -> None:
    assert own_host(bind) == host


def test_a_port_is_remembered(database: Database) -> None:
    port = port_of(listen_again(0, database))

    assert port_of(listen_again(0, database)) == port


def test_another_port_is_taken_while_the_remembered_one_is_in_use(database: Database) -> None:
    with listen_again(0, database) as other:
        port = port_of(listen_again(0, database))

        assert port != other.getsockname()[1]


def test_a_port_that_was_asked_for_is_not_replaced(database: Database) -> None:
    with listen(0) as other, pytest.raises(PortRefused, match="is in use by another program; choose another"):
        listen_again(other.getsockname()[1], database)


def test_an_address_of_another_machine_is_refused(database: Database) -> None:
    with pytest.raises(PortRefused, match="is not an address of this machine"):
        listen_again(0, database, "203.0.113.7")  # RFC 5737: nobody has it
