"""A verb and a group of verbs as Typer shows and completes them, but with help as other tools print it."""

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from cli.console import EXIT_CODES

HELP = {"help_option_names": ["--help", "-h"]}
"""The first is the one that Typer's hints name."""


class _PlainHelp:
    """Leaves out what Typer 0.29 prints and no one types: `<bool>` behind a flag, `<str>` behind an argument that has
    a name already, and braces around a required one in the usage line."""

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
    """Register the verbs under the names of their functions, or the one of `name`."""
    for verb in verbs:
        app.command(cls=cls, epilog=EXIT_CODES, **settings)(verb)


def _no_type(ctx: Any) -> None:
    return None
