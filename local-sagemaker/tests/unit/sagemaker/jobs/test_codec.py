"""Dataclasses as JSON and back."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from local_sagemaker.sagemaker.jobs.codec import NOT_KEPT, from_json, to_json
from local_sagemaker.sagemaker.jobs.store import Memory, Store


@dataclass(frozen=True)
class Inner:
    values: tuple[float, ...] = ()


@dataclass
class Thing:
    name: str
    given: Any = None
    inner: Inner = field(default_factory=Inner)
    stop: Event = field(default_factory=Event)
    threads: list[Thread] = field(default_factory=list, metadata=NOT_KEPT)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"a": [1, 2.5, True, "ü"], "~": "a key that is ours"},
        {1: "a number as key", ("a", 2): {"set"}},
        float("inf"),
        b"\x00\xff",
        Path("/a/b"),
        datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        (Inner((1.0, 2.0)), frozenset({"x"})),
    ],
)
def test_a_field_comes_back_as_it_was(value: Any) -> None:
    assert from_json(Thing, to_json(Thing("t", value))).given == value


def test_an_event_that_was_set_is_set_again() -> None:
    thing = Thing("t", inner=Inner((1.0,)))
    thing.stop.set()
    again = from_json(Thing, to_json(thing))
    assert again.stop.is_set() and again.stop is not thing.stop
    assert again.inner == Inner((1.0,))


def test_a_field_that_is_not_kept_has_its_default() -> None:
    assert from_json(Thing, to_json(Thing("t", threads=[Thread()]))).threads == []


def test_an_older_row_gets_defaults_and_a_newer_one_loses_what_is_unknown() -> None:
    row = json.dumps({"name": "t", "of tomorrow": 1}).encode()
    assert from_json(Thing, row).inner == Inner()


def test_what_has_no_form_is_refused_with_the_way_out() -> None:
    with pytest.raises(TypeError, match="a Thread cannot be stored: give its field metadata=NOT_KEPT"):
        to_json(Thing("t", Thread()))


def test_a_store_gives_what_was_saved_last_oldest_first() -> None:
    store = Store(Memory())
    for name in ("b", "a", "gone"):
        store.save("thing", name, Thing(name))
    store.save("thing", "B", Thing("b", "changed"))
    store.delete("thing", "GONE")
    store.close()
    store.save("thing", "late", Thing("late"))

    assert [(thing.name, thing.given) for thing in store.load("thing", Thing)] == [("b", "changed"), ("a", None)]
