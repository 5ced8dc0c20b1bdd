"""`up`: the local AWS that stays until it is told to go."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.console import ExitCode, say, write_json
from cli.data.notification import show_notification
from cli.data.views import keep
from cli.local.options import Wishes
from cli.local.stack import running_alone, running_stack
from cli.paths import ALONE_HOME, HOME
from cli.signals import interruptible
from cli.target import running
from cli.target.stack import Stack

WAKE_S = 0.25


def run(port: int, home: Path | None, settle: int, only_aws: bool, wishes: Wishes, as_json: bool) -> ExitCode:
    """Up until Ctrl-C or SIGTERM, either of which is the ordinary end. Raises: AlreadyUp."""
    with running.holding(), interruptible():
        try:
            if only_aws:
                _up_alone(port, home or ALONE_HOME, wishes, as_json)
            else:
                _up(port, home or HOME, settle, wishes, as_json)
        except KeyboardInterrupt:
            say("The local AWS is down.")
    return ExitCode.DONE


def _up_alone(port: int, home: Path, wishes: Wishes, as_json: bool) -> None:
    with running_alone(home, port=port, wishes=wishes) as ready:
        _serve(ready, as_json)


def _up(port: int, home: Path, settle: int, wishes: Wishes, as_json: bool) -> None:
    parameters = {"SettleSeconds": str(settle)}
    with running_stack(home, port=port, parameters=parameters, wishes=wishes, on_published=show_notification) as local:
        try:
            _serve(local.ready, as_json)
        finally:
            _keep(local.stack)


def _serve(ready: Mapping[str, Any], as_json: bool) -> None:
    running.announce(ready)
    if as_json:
        write_json(ready, one_line=True)
    else:
        for name, value in ready.items():
            say(f"  {name:18} {value}", wrap=False)
    say('It is up, until Ctrl-C. In another shell: eval "$(./retune env)"', style="bold")
    try:
        while True:
            time.sleep(WAKE_S)  # not signal.pause(): it misses a signal that another thread was given
    finally:
        say("Stopping …", style="dim")


def _keep(stack: Stack) -> None:
    kept = keep(stack)
    if kept:
        say(f"Kept what is known of {', '.join(kept)}: best, status and explain still answer.", style="dim")
