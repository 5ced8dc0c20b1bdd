"""The target options of a command line. They load no AWS client, so every verb can build them."""

import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TargetChoice:
    """`--local`, `--aws`, `--region` and `--home` as they were passed; `cli.target.target.resolve` interprets them."""

    local: bool = False
    aws: bool = False
    region: str | None = None
    home: Path | None = None

    @property
    def is_explicit(self) -> bool:
        """Whether it names a target; if not, the environment or a running local AWS may."""
        return self.local or self.aws or self.home is not None

    @property
    def option(self) -> str:
        """The option that makes the same choice in the next command, with a leading space."""
        if self.home is not None:
            return f" --home {shlex.quote(str(self.home))}"
        return " --aws" if self.aws else " --local" if self.local else ""
