"""Who changes what is kept, beside the end of the local AWS."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local_sagemaker.durability.contents import Contents
from local_sagemaker.durability.database import Database
from local_sagemaker.durability.keeper import HomeNotWritable, Keeper
from local_sagemaker.durability.lock import ChangeLock


def keeper_of(home: Path) -> Keeper:
    return Keeper(Database(home / "state.sqlite", {"format": "1"}), Contents(home / "objects"), ChangeLock(), ())


def write_until_refused(keeper: Keeper, place: str) -> int:
    """How many rows were acknowledged."""
    for number in range(1_000_000):
        try:
            with keeper.changing():
                keeper.database.save("row", place, str(number), b"x" * 1000)
        except HomeNotWritable:
            return number
    raise AssertionError("nobody closed the keeper")


@pytest.mark.parametrize("attempt", range(5))
def test_writers_are_refused_once_it_is_closed_and_what_was_acknowledged_is_there(tmp_path: Path, attempt: int) -> None:
    keeper = keeper_of(tmp_path)

    with ThreadPoolExecutor(4) as threads:
        written = [threads.submit(write_until_refused, keeper, str(place)) for place in range(4)]
        while not list(tmp_path.glob("*-wal")):
            pass
        keeper.close()

    rows = list(keeper_of(tmp_path).database.rows("row"))
    assert len(rows) == sum(future.result() for future in written)


def test_it_can_be_closed_twice(tmp_path: Path) -> None:
    keeper = keeper_of(tmp_path)
    keeper.close()

    keeper.close()

    with pytest.raises(HomeNotWritable, match="the local AWS has stopped"), keeper.changing():
        raise AssertionError("nothing happens in there")
