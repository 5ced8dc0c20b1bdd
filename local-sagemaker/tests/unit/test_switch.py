"""What happens to requests around the moment of a reset."""

from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from local_sagemaker.durability.contents import Contents
from local_sagemaker.durability.database import Database
from local_sagemaker.durability.keeper import Keeper
from local_sagemaker.durability.lock import Ended, Turn
from local_sagemaker.reset import Switch


class Slow:
    """An application that answers once it may."""

    def __init__(self, fails: bool = False) -> None:
        self.is_asked, self.may_answer, self._fails = Event(), Event(), fails

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.is_asked.set()
        self.may_answer.wait(60)
        if self._fails:
            raise Ended
        return [b"answered"]


def in_thread(run: Any) -> Thread:
    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_requests_in_flight_are_answered_before_a_hold_returns() -> None:
    switch, slow, answers = Switch(), Slow(), list[Any]()
    switch.open(slow)
    in_thread(lambda: answers.append(switch({}, None)))
    slow.is_asked.wait(60)
    in_thread(slow.may_answer.set)

    switch.hold(60)

    assert not switch._in_flight
    assert slow.may_answer.is_set()


def test_requests_that_come_during_a_hold_are_answered_after_it() -> None:
    switch, slow, answers = Switch(), Slow(), list[Any]()
    slow.may_answer.set()
    switch.hold(0)
    asking = in_thread(lambda: answers.append(switch({}, None)))

    switch.open(slow)
    asking.join(60)

    assert answers == [[b"answered"]]


def test_a_request_whose_state_has_been_closed_gets_a_503() -> None:
    switch, slow, started = Switch(), Slow(fails=True), list[Any]()
    slow.may_answer.set()
    switch.open(slow)

    switch({}, lambda *told: started.append(told))

    assert started[0][0].startswith("503")


def test_an_interrupt_ends_pauses(tmp_path: Path) -> None:
    keeper = Keeper(Database(tmp_path / "db", {"format": "1"}), Contents(tmp_path / "objects"), Turn(), [])
    keeper.interrupt()

    with pytest.raises(Ended), keeper.changing():
        keeper.pause(600)


def test_a_thread_that_released_the_turn_does_not_get_it_back_after_the_close(tmp_path: Path) -> None:
    keeper = Keeper(Database(tmp_path / "db", {"format": "1"}), Contents(tmp_path / "objects"), Turn(), [])

    with pytest.raises(Ended), keeper.changing(), keeper.turn.given_up():
        keeper.close()
