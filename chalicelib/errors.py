"""Errors, grouped by what the caller can do about them.

RetuneError
├── Refused          a person must change something: notify them and continue
└── Unavailable      a temporary condition: try again later
    ├── Throttled        AWS asked us to slow down
    ├── QuotaExceeded    an account quota is used up
    ├── DatasetChanged   a file was replaced while we read or copied it
    └── LostRace         another invocation changed the ledger first
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something that a person must change: `where` it is, `what` is wrong, how to `fix` it.

    `code` names the kind of problem and stays the same when the words change; it is empty for a problem that an
    earlier release stored without one."""

    where: str
    what: str
    fix: str = ""
    code: str = ""

    def __str__(self) -> str:
        sentence = f"{self.where} {self.what}".strip()
        whole = f"{sentence}: {self.fix}" if self.fix else sentence
        return whole if whole.endswith("?") else f"{whole}."


class RetuneError(Exception):
    """The base class of every error that Retune raises on purpose."""


class Refused(RetuneError):
    """A person must change something; `problems` lists everything that was found, not only the first problem."""

    def __init__(self, problems: tuple[Problem, ...]):
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = problems


class Unavailable(RetuneError):
    """Nothing is wrong with the request; retry the same call later."""


class Throttled(Unavailable):
    """AWS asked us to slow down."""


class QuotaExceeded(Unavailable):
    """An account quota is used up; the message is AWS's and names it."""


class DatasetChanged(Unavailable):
    """A file was replaced or removed while it was being read or copied."""


class LostRace(Unavailable):
    """A conditional write failed because another invocation had changed the item first."""
