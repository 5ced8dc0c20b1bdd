"""What a command line says about its target. No AWS client is loaded for it, so every verb can build one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TargetChoice:
    """`--local`, `--aws` and `--region` as they were passed; `cli.target.target.resolve` finds what they mean."""

    local: bool = False
    aws: bool = False
    region: str | None = None

    @property
    def is_explicit(self) -> bool:
        """Whether it names a target; if not, the environment or a running local AWS may."""
        return self.local or self.aws

    @property
    def option(self) -> str:
        """The option that makes the same choice in the next command, with a space before it."""
        return " --aws" if self.aws else " --local" if self.local else ""
