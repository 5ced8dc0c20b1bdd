"""`down` and `env`: stop and describe a local AWS that is up, from another shell."""

import os
import shlex
import signal
import time
from pathlib import Path

from cli.console import ExitCode, Leave, say
from cli.target import running
from cli.target.running import Up
from cli.target.target import LOCAL_CREDENTIALS

DOWN_WITHIN_S = 60


def down(home: Path | None) -> ExitCode:
    """Stop the local AWS of this home, else the one at AWS_ENDPOINT_URL, else the only one that is up, and wait until
    it has stopped. Without one there is nothing to do. Raises: SeveralUp."""
    up = running.choose(running.every(), home, os.environ.get("AWS_ENDPOINT_URL"))
    if up is None:
        say(f"No local AWS is up with the home {home}." if home else "No local AWS is up.")
        return ExitCode.DONE
    os.kill(up.pid, signal.SIGTERM)
    until = time.monotonic() + DOWN_WITHIN_S
    while _is_up(up):
        if time.monotonic() > until:
            raise Leave(ExitCode.NOT_FINISHED, f"Process {up.pid} has not stopped within {DOWN_WITHIN_S} s.")
        time.sleep(0.1)
    say(f"The local AWS in process {up.pid} is down.")
    return ExitCode.DONE


def env(home: Path | None) -> ExitCode:
    """Write export lines to stdout. Raises: SeveralUp."""
    ups = [up for up in running.every() if up.ready]
    up = running.choose(ups, home, os.environ.get("AWS_ENDPOINT_URL"))
    if up is None or up.ready is None:
        where, option = (f" with the home {home}", f" --home {shlex.quote(str(home))}") if home else ("", "")
        raise Leave(ExitCode.NOT_FOUND, f"No local AWS is up{where}: start one with `./retune up{option}`.")
    ready = up.ready
    values = {
        "AWS_ENDPOINT_URL": ready["endpoint_url"],
        "AWS_DEFAULT_REGION": ready["region"],
        "AWS_REGION": ready["region"],
        **{name.upper(): value for name, value in LOCAL_CREDENTIALS.items()},
        "RETUNE_ROLE_ARN": ready["training_role_arn"],
        "RETUNE_IMAGE_URI": ready["image_uri"],
    }
    unset = "unset AWS_PROFILE AWS_SESSION_TOKEN"
    if up.is_alone:
        unset += " RETUNE_BUCKET"
    else:
        values["RETUNE_BUCKET"] = ready["bucket"]
    for name, value in values.items():
        print(f"export {name}={shlex.quote(value)}")  # noqa: T201
    print(unset)  # noqa: T201
    return ExitCode.DONE


def _is_up(up: Up) -> bool:
    return any((other.home, other.pid) == (up.home, up.pid) for other in running.every())
