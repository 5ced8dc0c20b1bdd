"""`--chaos` without rates."""

import pytest

from cli.verbs.bare_chaos import with_value


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["--chaos"], ["--chaos="]),
        (["--chaos", "--json"], ["--chaos=", "--json"]),
        (["--json", "--chaos", "drop=1", "--port", "1"], ["--json", "--chaos", "drop=1", "--port", "1"]),
        (["--chaos=drop=1"], ["--chaos=drop=1"]),
        ([], []),
    ],
)
def test_a_bare_chaos_is_one_that_an_option_or_nothing_follows(words: list[str], meant: list[str]) -> None:
    assert with_value(words) == meant
