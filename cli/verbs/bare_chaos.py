"""`--chaos`, whose value may be left out; Typer itself knows no such option."""

from typing import Any

from typer.core import TyperCommand

OPTION = "--chaos"


class WithBareChaos(TyperCommand):
    """A command that takes OPTION with nothing behind it for OPTION with an empty value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return list(super().parse_args(ctx, with_value(args)))


def with_value(words: list[str]) -> list[str]:
    """The command line's words, with `--chaos=` for a `--chaos` that another option or nothing follows."""
    following = [*words[1:], "-"]
    is_bare = [word == OPTION and after.startswith("-") for word, after in zip(words, following, strict=False)]
    return [f"{word}=" if bare else word for word, bare in zip(words, is_bare, strict=True)]
