"""The Python that packages is also the Lambdas' runtime, so only tested versions may be deployed."""

import sys

from cli.console import ExitCode, Leave

TESTED_ON = {"bookworm": (3, 11), "trixie": (3, 13)}
"""The Debian releases whose own Python runs the whole check."""
TESTED = tuple(TESTED_ON.values())


class UntestedPython(Leave):
    """This Python version is not one that can be deployed."""

    def __init__(self, version: tuple[int, int]):
        tested = " and ".join(_words(one) for one in TESTED)
        super().__init__(
            ExitCode.FAILED,
            f"This is Python {_words(version)}, which the Lambdas would run on; Retune is tested on {tested}.\n"
            "Make one of these the first python3 on PATH, then: rm -r .retune/venv && ./retune deploy",
        )


def must_be_tested(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Raises: UntestedPython."""
    if version not in TESTED:
        raise UntestedPython(version)


def _words(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
