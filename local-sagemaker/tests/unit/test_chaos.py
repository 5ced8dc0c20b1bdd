"""Events as they may come on AWS: what is decided about each, and that it is delivered so."""

import time
from collections import Counter
from typing import Any

import pytest

from local_sagemaker.chaos import LEAST_HOLD_S, Chaos, DeliveryPolicy, UnreliableBus
from support.account import eventually

MANY = 4000


def event(number: int, source: str = "aws.sagemaker") -> dict[str, Any]:
    return {"id": f"id-{number}", "source": source, "detail": {"number": number}}


def decided(chaos: Chaos, source: str = "aws.sagemaker", count: int = MANY) -> list[list[tuple[float, dict[str, Any]]]]:
    policy = DeliveryPolicy(chaos)
    return [policy.decide(event(number, source)) for number in range(count)]


def share(decisions: list[Any], is_so: Any) -> float:
    return sum(map(is_so, decisions)) / len(decisions)


def test_without_any_chance_of_disorder_each_event_comes_once_and_at_once() -> None:
    assert decided(Chaos(0, 0, 0, 0), count=50) == [[(0.0, event(number))] for number in range(50)]


# Of 4000 events, five standard deviations of a share of 0.3 are 5 x sqrt(0.3 x 0.7 / 4000) = 0.036.
def test_as_many_are_dropped_and_doubled_as_was_asked_for() -> None:
    decisions = decided(Chaos(duplicate=0.3, delay=0, drop=0.2, reorder=0, seed=1))

    assert share(decisions, lambda copies: not copies) == pytest.approx(0.2, abs=0.036)
    kept = [copies for copies in decisions if copies]
    assert share(kept, lambda copies: len(copies) == 2) == pytest.approx(0.3, abs=0.036)


def test_a_copy_is_the_same_event_with_its_own_id_or_the_same() -> None:
    decisions = decided(Chaos(duplicate=1, delay=0, drop=0, reorder=0, seed=2))

    for (_, first), (_, second) in decisions:
        assert {**second, "id": first["id"]} == first
    has_own = share(decisions, lambda copies: copies[1][1]["id"] != copies[0][1]["id"])
    assert has_own == pytest.approx(0.5, abs=5 * (0.25 / MANY) ** 0.5)


def test_every_copy_comes_late_up_to_the_delay() -> None:
    delays = [delay for copies in decided(Chaos(1, delay=8, drop=0, reorder=0, seed=3)) for delay, _ in copies]

    assert 0 <= min(delays) < 1 and 7 < max(delays) <= 8


@pytest.mark.parametrize(("delay", "least"), [(0.0, LEAST_HOLD_S), (10.0, 10.0)])
def test_an_event_out_of_order_is_held_until_the_next_ones_have_come(delay: float, least: float) -> None:
    held = [copies[0][0] for copies in decided(Chaos(duplicate=0, delay=delay, drop=0, reorder=1, seed=4))]

    assert min(held) >= least and max(held) <= least + 2 * delay


def test_s3s_events_are_late_and_doubled_but_never_lost_nor_held_back() -> None:
    chaos = Chaos(duplicate=0.5, delay=1, drop=1, reorder=1, seed=5)

    decisions = decided(chaos, source="aws.s3")

    assert {len(copies) for copies in decisions} == {1, 2}
    assert max(delay for copies in decisions for delay, _ in copies) <= 1


def test_the_same_seed_decides_the_same_and_another_one_does_not() -> None:
    assert decided(Chaos(seed=7), count=50) == decided(Chaos(seed=7), count=50)
    assert decided(Chaos(seed=7), count=50) != decided(Chaos(seed=8), count=50)


def test_all_defaults_are_meant_where_nothing_is_named_and_none_where_something_is() -> None:
    assert Chaos.of("") == Chaos(duplicate=0.3, delay=5, drop=0.1, reorder=0.2)
    assert Chaos.of("duplicate=0.5, seed=7") == Chaos(duplicate=0.5, delay=0, drop=0, reorder=0, seed=7)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lose=1", "'lose' is not a valid name: use duplicate=…, delay=…, drop=…, reorder=… or seed=…"),
        ("drop", "drop must be a number, not ''"),
        ("drop=1.5", "drop must be from 0 to 1, not 1.5"),
        ("drop=nan", "drop must be from 0 to 1, not nan"),
        ("delay=-1", "delay must be from 0 to 3600, not -1"),
        ("seed=x", "seed must be a number, not 'x'"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_there_is(text: str, words: str) -> None:
    with pytest.raises(ValueError) as refused:
        Chaos.of(text)

    assert str(refused.value) == words


def test_what_was_decided_is_delivered_in_the_order_of_its_delays() -> None:
    class Planned(DeliveryPolicy):
        def decide(self, event: dict[str, Any]) -> list[tuple[float, dict[str, Any]]]:
            return [(delay, {**event, "at": delay}) for delay in event["delays"]]

    came: list[dict[str, Any]] = []
    unreliable_bus = UnreliableBus(Planned(Chaos()), came.append)
    unreliable_bus.put({"id": "slow", "delays": [0.3, 0.1]})
    unreliable_bus.put({"id": "quick", "delays": [0.0]})
    unreliable_bus.put({"id": "lost", "delays": []})

    eventually(lambda: len(came) == 3)

    unreliable_bus.stop()
    assert Counter(found["id"] for found in came) == {"slow": 2, "quick": 1}
    assert [found["at"] for found in came] == [0.0, 0.1, 0.3]


def test_once_stopped_it_delivers_nothing_more() -> None:
    came: list[dict[str, Any]] = []
    unreliable_bus = UnreliableBus(DeliveryPolicy(Chaos(0, 0, 0, reorder=1)), came.append)
    unreliable_bus.put(event(1))

    unreliable_bus.stop()

    time.sleep(0.05)
    assert came == []
