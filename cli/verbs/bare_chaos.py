"""`--chaos`, an option whose value is optional, which Typer does not support."""

from typing import Any

from cli.verbs.command import Command

OPTION = "--chaos"


class WithBareChaos(Command):
    """A command that reads a bare OPTION as OPTION with an empty value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return list(super().parse_args(ctx, with_value(args)))


def with_value(words: list[str]) -> list[str]:
    """Return the arguments with `--chaos=` for each `--chaos` that is followed by another option or by nothing."""
    following = [*words[1:], "-"]
    is_bare = [word == OPTION and after.startswith("-") for word, after in zip(words, following, strict=False)]
    return [f"{word}=" if bare else word for word, bare in zip(words, is_bare, strict=True)]
