"""`up`, `down`, `env`: the local AWS that stays until it is told to go."""

import os
import shlex
import signal
import time
from pathlib import Path

from cli import up_state
from cli.demo import show_notification
from cli.local import Running, running_stack
from cli.paths import HOME
from cli.signals import interruptible
from cli.talk import ExitCode, Leave, say, write_json
from cli.target import LOCAL_CREDENTIALS
from cli.views import keep

DOWN_WITHIN_S = 60


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
            say(f"  {name:18} {value}")
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


def down() -> ExitCode:
    """Ask the one that is up to stop, and wait until it has. Where none is up there is nothing to do."""
    pid = up_state.holder()
    if pid is None:
        say("No local AWS is up.")
        return ExitCode.DONE
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + DOWN_WITHIN_S
    while up_state.holder() == pid:
        if time.monotonic() > until:
            raise Leave(
                ExitCode.NOT_FINISHED, f"Process {pid} was told to stop and has not within {DOWN_WITHIN_S} s."
            )
        time.sleep(0.1)
    say(f"The local AWS of process {pid} is down.")
    return ExitCode.DONE


def env() -> ExitCode:
    """Export lines on stdout."""
    ready = up_state.read()
    if ready is None:
        raise Leave(ExitCode.NOT_FOUND, "No local AWS is up: start one with `./retune up`.")
    values = {
        "AWS_ENDPOINT_URL": ready["endpoint_url"],
        "AWS_DEFAULT_REGION": ready["region"],
        "AWS_REGION": ready["region"],
        **{name.upper(): value for name, value in LOCAL_CREDENTIALS.items()},
        "RETUNE_BUCKET": ready["bucket"],
    }
    for name, value in values.items():
        print(f"export {name}={shlex.quote(value)}")  # noqa: T201
    print("unset AWS_PROFILE AWS_SESSION_TOKEN")  # noqa: T201
    return ExitCode.DONE
