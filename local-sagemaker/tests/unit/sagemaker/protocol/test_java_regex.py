"""Java's regular expressions as Python's. The expectations are Java's documented meanings (java.util.regex.Pattern)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_sagemaker.sagemaker.protocol.java_regex import searcher


@pytest.mark.parametrize(
    ("regex", "line", "value"),
    [
        (r"mse=(?<v>[0-9.]+)", "mse=0.5", "0.5"),
        (r"mse=(?P<v>[0-9.]+)", "mse=0.5", "0.5"),
        (r"(?<=mse=)([0-9.]+)", "mse=0.5", "0.5"),
        (r"(?<!x)mse=(.*)", "xmse=1 mse=2", "2"),
        (r"(?<a>\d)-\k<a>=(\d)", "1-2=3 4-4=5", "4"),
        (r"mse=([0-9.]++)", "mse=0.5 s", "0.5"),
        (r"mse=(?>a|ab)(c)", "mse=ac", "c"),
        (r"\p{Alpha}+=(\p{Digit}+)", "mse=12", "12"),
        (r"([\p{L}\p{N}]+) end", "é٣ end", "é٣"),
        (r"\P{Lu}(\pL+)", "xÄ", "Ä"),
        (r"\Q[mse] (\E=(.*)", "[mse] (=7", "7"),
        (r"\Q[mse]", "[mse]", None),
        (r"(?i)MSE=(.*)", "mse=1", "1"),
        (r"a(?i)b|c=(.)", "C=1", "1"),
        (r"(a(?i)b)c", "aBc", "aB"),
        (r"(?i:MSE)=(.*)", "mse=1", "1"),
        (r"\x{6d}se=(\d)", "mse=1", "1"),
        (r"\h*mse\h=(\d)\z", "\tmse =1", "1"),
        (r"\e\[0mmse=(.)", "\x1b[0mmse=4", "4"),
        (r"[(|?<]mse=(.)", "<mse=4", "4"),
        (r"[(?<v>]=(.)", ">=4", "4"),
        (r"[a||~~]=(.)", "|=4", "4"),
        (r"mse=(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)", "mse=-1.5e-3", "-1.5e-3"),
    ],
)
def test_it_finds_what_java_finds(regex: str, line: str, value: str | None) -> None:
    found = searcher(regex).search(line)

    assert found is not None
    assert (found[1] if found.re.groups else None) == value


@pytest.mark.parametrize(
    ("regex", "line"),
    [(r"(\d)", "٣"), (r"(a(?i)b)c", "aBC"), (r"mse=([0-9]++)5", "mse=15"), (r"x\b", "xy"), (r"(?i:a)b(c)", "aBc")],
)
def test_it_finds_nothing_where_java_does_not(regex: str, line: str) -> None:
    assert searcher(regex).search(line) is None


@pytest.mark.parametrize(
    ("regex", "why"),
    [
        ("[a-z&&[^b]]", "within character classes"),
        ("[a-z&&b]", "within character classes"),
        ("[a[b]]", "within character classes"),
        (r"\G(.)", r"\\G is not supported"),
        (r"(?u)(.)", "flags u"),
        (r"\p{IsGreek}", "property IsGreek"),
        (r"\b{g}", "boundary of graphemes"),
        ("mse=(", "unterminated"),
        ("a**", "multiple repeat"),
        (r"\x{ffffff}", "no character"),
    ],
)
def test_what_has_no_counterpart_is_refused(regex: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        searcher(regex)


@given(st.text(st.sampled_from(r"ab()[]{}|?*+\<>P:=!^$.&-iQEpLx01, "), max_size=30))
def test_any_text_is_either_compiled_or_refused_as_a_value_error(regex: str) -> None:
    try:
        searcher(regex)
    except ValueError as refusal:
        assert str(refusal)
