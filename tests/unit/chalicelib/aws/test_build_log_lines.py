"""The last lines of a build's log, as CodeBuild writes it."""

from chalicelib.aws.build_log import MOST_LINES, last_lines
from tests.support.pipeline.builds import LOG, SAID


def test_the_lines_are_those_before_the_first_phase_that_failed_was_over() -> None:
    lines = last_lines(LOG)

    assert lines[-2:] == (SAID, "Command did not exit successfully infra/image/smoke-test exit status 1")
    assert not any("POST_BUILD" in line or "later phase" in line for line in lines)


def test_a_log_in_which_no_phase_failed_ends_with_its_last_lines() -> None:
    assert last_lines("[Container] 2026/07/14 09:58:01 Phase complete: PRE_BUILD State: SUCCEEDED\nslow") == (
        "Phase complete: PRE_BUILD State: SUCCEEDED",
        "slow",
    )


def test_colours_progress_bars_and_blank_lines_are_left_out() -> None:
    log = "\x1b[1;31mred\x1b[0m\r\n\n10%\r 50%\r100% done\n\x1b]0;title\x07after\n \t\n"

    assert last_lines(log) == ("red", "100% done", "after")


def test_a_long_log_is_cut_to_its_end() -> None:
    lines = last_lines("\n".join(f"line {number}" for number in range(100)))

    assert lines == tuple(f"line {number}" for number in range(100 - MOST_LINES, 100))


def test_an_empty_log_has_no_lines() -> None:
    assert last_lines("") == ()
