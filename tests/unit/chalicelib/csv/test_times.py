"""Which texts are times, and that those of one form sort as the times that they are."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.csv.times import time_form

FORMATS = ["%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%fZ"]
MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2024-01", "0000-00"),
        ("2024-01-31", "0000-00-00"),
        ("2024-01-31T08:30", "0000-00-00T00:00"),
        ("2024-01-31 08:30:59.25", "0000-00-00 00:00:00.00"),
        ("2024-01-31T08:30Z", "0000-00-00T00:00Z"),
        ("2024-01-31T08:30+05:30", "0000-00-00T00:00+05:30"),
        ("2024-01-31T08:30-0800", "0000-00-00T00:00-0800"),
    ],
)
def test_the_form_of_a_time_is_its_text_without_its_digits_but_with_its_offset(text: str, form: str) -> None:
    assert time_form(text) == form


@pytest.mark.parametrize(
    "text",
    [
        *("", "2024", "31.01.2024", "01/31/2024", "2024-13-01", "2024-31-01", "2024-1-1", "2024-W05", "Q1 2024"),
        *(" 2024-01-31", "2024-01-31 ", "2024-01-31\n", "2024-01-31T25:00", "2024-01-31T08", "2024-01-31Z"),
        "２０２４-01-31",
    ],
)
def test_another_text_is_not_a_time(text: str) -> None:
    assert time_form(text) is None


@given(st.sampled_from(FORMATS), MOMENTS, MOMENTS)
def test_texts_of_one_form_sort_as_their_times(form: str, one: datetime, other: datetime) -> None:
    texts = [moment.strftime(form) for moment in (one, other)]
    times = [datetime.strptime(text, form).replace(tzinfo=UTC) for text in texts]

    assert time_form(texts[0]) == time_form(texts[1]) is not None
    assert (texts[0] < texts[1]) == (times[0] < times[1])


@given(MOMENTS, MOMENTS, st.integers(-12, 14), st.integers(-12, 14))
def test_times_with_offsets_have_one_form_only_if_the_offset_is_one(
    one: datetime, other: datetime, hours: int, other_hours: int
) -> None:
    texts = [
        moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=offset))).isoformat()
        for moment, offset in ((one, hours), (other, other_hours))
    ]

    assert (time_form(texts[0]) == time_form(texts[1])) == (hours == other_hours)
