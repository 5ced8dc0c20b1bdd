"""What can go wrong, by what the caller can do about it.

RetuneError
├── Refused          a person must change something: tell them, go on
└── Unavailable      nobody did anything wrong: try again later
    ├── Throttled        AWS asked us to slow down
    ├── QuotaExceeded    an account quota is used up
    ├── DatasetChanged   a file was replaced while we read or copied it
    └── LostRace         somebody else moved the ledger first
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that a person must change: `where` it is, `what` is wrong, how to `fix` it.

    `code` names the kind of problem and stays the same when the words change; it is empty where an earlier release
    remembered the problem without one."""

    where: str
    what: str
    fix: str = ""
    code: str = ""

    def __str__(self) -> str:
        sentence = f"{self.where} {self.what}".strip()
        whole = f"{sentence}: {self.fix}" if self.fix else sentence
        return whole if whole.endswith("?") else f"{whole}."


class RetuneError(Exception):
    """The root of every error that Retune raises on purpose."""


class Refused(RetuneError):
    """A person must change something; `problems` names everything that was found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]):
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = problems


class Unavailable(RetuneError):
    """Nothing is wrong with the request; the same call must be made again later."""


class Throttled(Unavailable):
    """AWS asked us to slow down."""


class QuotaExceeded(Unavailable):
    """An account quota is used up; the message is AWS's own and names it."""


class DatasetChanged(Unavailable):
    """A file was replaced or removed while it was being read or copied."""


class LostRace(Unavailable):
    """A conditional write found that somebody else had moved the item first."""
