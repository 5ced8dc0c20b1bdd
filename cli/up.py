"""`up`: the local AWS that stays until it is told to go."""

import signal
from pathlib import Path

from cli import up_state
from cli.local import Running, running_stack
from cli.notification import show_notification
from cli.paths import HOME
from cli.signals import interruptible
from cli.talk import ExitCode, say, write_json
from cli.views import keep


def run(port: int, home: Path | None, settle: int, as_json: bool) -> ExitCode:
    """Up until Ctrl-C or SIGTERM, either of which is the ordinary end. Raises: AlreadyUp."""
    with up_state.holding(), interruptible():
        try:
            with running_stack(
                home or HOME,
                port=port,
                parameters={"SettleSeconds": str(settle)},
                on_published=show_notification,
            ) as running:
                _serve(running, as_json)
        except KeyboardInterrupt:
            say("The local AWS is down.")
    return ExitCode.DONE


def _serve(running: Running, as_json: bool) -> None:
    up_state.announce(running.ready)
    if as_json:
        write_json(running.ready, one_line=True)
    else:
        for name, value in running.ready.items():
            say(f"  {name:18} {value}", wrap=False)
    say('It is up, until Ctrl-C. In another shell: eval "$(./retune env)"', style="bold")
    try:
        while True:
            signal.pause()
    finally:
        say("Stopping …", style="dim")
        kept = keep(running.stack)
        if kept:
            say(
                f"Kept what is known of {', '.join(kept)}: best, status and explain still answer.",
                style="dim",
            )
