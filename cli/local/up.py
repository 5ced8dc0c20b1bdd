"""`up`: a local AWS that runs until it is stopped."""

import shlex
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cli.console import ExitCode, say, write_json
from cli.data.notification import show_notification
from cli.data.views import keep
from cli.local.stack import running_alone, running_stack
from cli.paths import ALONE_HOME, HOME
from cli.signals import interruptible
from cli.target import running
from cli.target.stack import Stack
from local_sagemaker.options import Options

WAKE_S = 0.25
Serve = Callable[[Mapping[str, Any]], None]


def run(port: int, home: Path | None, settle: int, only_aws: bool, options: Options, as_json: bool) -> ExitCode:
    """Run until Ctrl-C or SIGTERM, which are both normal ends. Raises: AlreadyUp."""
    folder = home or (ALONE_HOME if only_aws else HOME)
    with running.holding(folder) as announce, interruptible():

        def serve(ready: Mapping[str, Any]) -> None:
            announce(ready)
            _serve(ready, as_json, home)

        try:
            if only_aws:
                _up_alone(port, folder, options, serve)
            else:
                _up(port, folder, settle, options, serve)
        except KeyboardInterrupt:
            say("The local AWS is down.")
    return ExitCode.DONE


def _up_alone(port: int, home: Path, options: Options, serve: Serve) -> None:
    with running_alone(home, port=port, options=options) as ready:
        serve(ready)


def _up(port: int, home: Path, settle: int, options: Options, serve: Serve) -> None:
    parameters = {"SettleSeconds": str(settle)}
    with running_stack(
        home, port=port, parameters=parameters, options=options, on_published=show_notification
    ) as local:
        try:
            serve(local.ready)
        finally:
            _keep(local.stack)


def _serve(ready: Mapping[str, Any], as_json: bool, home: Path | None) -> None:
    if as_json:
        write_json(ready, one_line=True)
    else:
        for name, value in ready.items():
            say(f"  {name:18} {value}", wrap=False)
    option = f" --home {shlex.quote(str(home))}" if home else ""
    say(f'Up until Ctrl-C. In another shell: eval "$(./retune env{option})"', style="bold", wrap=False)
    try:
        while True:
            time.sleep(WAKE_S)  # not signal.pause(), which misses a signal delivered to another thread
    finally:
        say("Stopping …", style="dim")


def _keep(stack: Stack) -> None:
    kept = keep(stack)
    if kept:
        say(f"Kept the state of {', '.join(kept)}: best, status and explain still work.", style="dim")
