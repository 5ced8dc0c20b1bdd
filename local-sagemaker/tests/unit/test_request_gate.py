"""What happens to requests around the moment of a reset."""

from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from local_sagemaker.durability.contents import Contents
from local_sagemaker.durability.database import Database
from local_sagemaker.durability.keeper import Keeper
from local_sagemaker.durability.lock import ChangeLock, StateClosed
from local_sagemaker.reset import RequestGate


class Slow:
    """An application that answers once it may."""

    def __init__(self, fails: bool = False) -> None:
        self.is_asked, self.may_answer, self._fails = Event(), Event(), fails

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.is_asked.set()
        self.may_answer.wait(60)
        if self._fails:
            raise StateClosed
        return [b"answered"]


def in_thread(run: Any) -> Thread:
    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_requests_in_flight_are_answered_before_a_hold_returns() -> None:
    gate, slow, answers = RequestGate(), Slow(), list[Any]()
    gate.open(slow)
    in_thread(lambda: answers.append(gate({}, None)))
    slow.is_asked.wait(60)
    in_thread(slow.may_answer.set)

    gate.hold(60)

    assert not gate._in_flight
    assert slow.may_answer.is_set()


def test_requests_that_come_during_a_hold_are_answered_after_it() -> None:
    gate, slow, answers = RequestGate(), Slow(), list[Any]()
    slow.may_answer.set()
    gate.hold(0)
    asking = in_thread(lambda: answers.append(gate({}, None)))

    gate.open(slow)
    asking.join(60)

    assert answers == [[b"answered"]]


def test_a_request_whose_state_has_been_closed_gets_a_503() -> None:
    gate, slow, started = RequestGate(), Slow(fails=True), list[Any]()
    slow.may_answer.set()
    gate.open(slow)

    gate({}, lambda *told: started.append(told))

    assert started[0][0].startswith("503")


def test_an_interrupt_ends_pauses(tmp_path: Path) -> None:
    keeper = Keeper(Database(tmp_path / "db", {"format": "1"}), Contents(tmp_path / "objects"), ChangeLock(), [])
    keeper.interrupt()

    with pytest.raises(StateClosed), keeper.changing():
        keeper.pause(600)


def test_a_thread_that_released_the_turn_does_not_get_it_back_after_the_close(tmp_path: Path) -> None:
    keeper = Keeper(Database(tmp_path / "db", {"format": "1"}), Contents(tmp_path / "objects"), ChangeLock(), [])

    with pytest.raises(StateClosed), keeper.changing(), keeper.lock.released():
        keeper.close()
