"""Only a Python that was tested may package what goes to an account."""

import pytest

from cli.deploy.pythons import TESTED, TESTED_ON, UntestedPython, must_be_tested


@pytest.mark.parametrize("version", TESTED)
def test_a_tested_python_may_package(version: tuple[int, int]) -> None:
    must_be_tested(version)


@pytest.mark.parametrize("version", [(3, 10), (3, 12), (3, 14)])
def test_another_may_not_and_the_message_says_how_to_get_one(version: tuple[int, int]) -> None:
    with pytest.raises(UntestedPython, match=r"tested is 3\.11 or 3\.13\.\n.*rm -r \.retune/venv"):
        must_be_tested(version)


def test_the_oldest_that_is_tested_is_the_oldest_that_the_project_asks_for() -> None:
    import tomllib

    from cli.paths import ROOT

    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert asked == f">={'.'.join(map(str, min(TESTED_ON.values())))}"
