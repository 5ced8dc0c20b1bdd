"""The Python that packages is the Lambdas' Python: only one with which everything was tested may go to an account."""

import sys

from cli.console import ExitCode, Leave

TESTED_ON = {"bookworm": (3, 11), "trixie": (3, 13)}
"""The Debian releases under whose own Python the whole check runs."""
TESTED = tuple(TESTED_ON.values())


class UntestedPython(Leave):
    """Deploying needs another Python than this one."""

    def __init__(self, version: tuple[int, int]):
        tested = " or ".join(_words(one) for one in TESTED)
        super().__init__(
            ExitCode.FAILED,
            f"This is Python {_words(version)}, and the Lambdas would run under it; tested is {tested}.\n"
            "Put one of these first on PATH as python3, then: rm -r .retune/venv && ./retune deploy",
        )


def must_be_tested(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Raises: UntestedPython."""
    if version not in TESTED:
        raise UntestedPython(version)


def _words(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
