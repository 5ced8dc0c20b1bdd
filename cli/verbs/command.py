"""Typer's command and group, with help pages like those of other tools."""

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from cli.console import EXIT_CODES

HELP = {"help_option_names": ["--help", "-h"]}
"""Typer's hints name the first."""


class _PlainHelp:
    """Omits what Typer 0.29 prints and no one types: `<bool>` after a flag, `<str>` after an argument that already
    has a name, and braces around a required one in the usage line."""

    def get_params(self, ctx: Any) -> list[Any]:
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            if param.param_type_name == "argument":
                param.display_type_rich = _no_type
            elif param.is_bool_flag:
                param.metavar = ""
        return params

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [piece.replace("{", "").replace("}", "") for piece in pieces]


class Command(_PlainHelp, TyperCommand):
    """One verb."""


class Group(_PlainHelp, TyperGroup):
    """All verbs, or those of `image`."""


def group(**settings: Any) -> typer.Typer:
    """Make an empty group."""
    return typer.Typer(
        cls=Group, no_args_is_help=True, rich_markup_mode="rich", epilog=EXIT_CODES, context_settings=HELP, **settings
    )


def add(app: typer.Typer, *verbs: Callable[..., None], cls: type[Command] = Command, **settings: Any) -> None:
    """Register the verbs under their functions' names, or under `name`."""
    for verb in verbs:
        app.command(cls=cls, epilog=EXIT_CODES, **settings)(verb)


def _no_type(ctx: Any) -> None:
    return None
