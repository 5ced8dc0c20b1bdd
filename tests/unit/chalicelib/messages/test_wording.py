"""Numbers and times as people read them."""

import pytest

from chalicelib.messages.wording import cost_sentence, count, duration, number, printable, table, usd


def test_foreign_text_becomes_one_clean_line() -> None:
    assert printable("a\r\n\tb\x00c\x1b[1m") == "a b c [1m"
    assert printable("abcdef", longest=5) == "ab..."
    assert printable("×\u202eé") == "× é"


@pytest.mark.parametrize(
    ("value", "text"), [(None, "-"), (0.09123456, "0.09123"), (1234.5, "1234"), (0.0, "0"), (3e-7, "3e-07")]
)
def test_a_number_has_four_significant_digits(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(12345.6, "12,346"), (-1234567.0, "-1,234,567"), (1e14, "100,000,000,000,000"), (1e15, "1e+15")]
)
def test_a_large_number_is_whole_and_in_fixed_notation(value: float, text: str) -> None:
    assert number(value) == text
    assert number(1234567.0, digits=6) == "1,234,567"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "cost unknown"), (0.0, "$0.00"), (0.004, "under $0.01"), (0.0104, "$0.01"), (1234.5, "$1,234.50")],
)
def test_money_is_said_in_cents_and_never_as_nothing(value: float | None, text: str) -> None:
    assert usd(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "-"), (2.44, "2.44 s"), (59.6, "59.6 s"), (200, "3 min 20 s"), (3900, "1 h 05 min")],
)
def test_a_duration_has_the_units_of_its_size(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_a_count_is_singular_for_one() -> None:
    assert (count(1, "file"), count(2, "file"), count(0, "file")) == ("1 file", "2 files", "0 files")


def test_a_table_is_aligned() -> None:
    assert table([("a", "1"), ("long", "2")]) == "  a     1\n  long  2"


def test_a_cost_is_about_so_much_and_with_spot_instances_at_most() -> None:
    cost = {
        "usd": 1.0, "seconds": 3600.0, "instance_type": "ml.m5.large", "region": "r", "spot": True,
        "price_usd_per_hour": 1.0, "prices_as_of": "2025-06-01",
    }  # fmt: skip
    assert cost_sentence(cost).startswith("at most $1.00: 1 h 00 min of ml.m5.large")
    assert cost_sentence({**cost, "spot": False}).startswith("about $1.00: ")
    assert cost_sentence({**cost, "usd": 0.001}).startswith("under $0.01: ")
    assert cost_sentence({**cost, "usd": None}).startswith("unknown")
