"""`down` and `env`: what another shell asks of the local AWS that is up."""

import os
import shlex
import signal
import time

from cli.console import ExitCode, Leave, say
from cli.target import running
from cli.target.target import LOCAL_CREDENTIALS

DOWN_WITHIN_S = 60


def down() -> ExitCode:
    """Ask the one that is up to stop, and wait until it has. Where none is up there is nothing to do."""
    pid = running.holder()
    if pid is None:
        say("No local AWS is up.")
        return ExitCode.DONE
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + DOWN_WITHIN_S
    while running.holder() == pid:
        if time.monotonic() > until:
            raise Leave(ExitCode.NOT_FINISHED, f"Process {pid} was told to stop and has not within {DOWN_WITHIN_S} s.")
        time.sleep(0.1)
    say(f"The local AWS of process {pid} is down.")
    return ExitCode.DONE


def env() -> ExitCode:
    """Export lines on stdout."""
    ready = running.read()
    if ready is None:
        raise Leave(ExitCode.NOT_FOUND, "No local AWS is up: start one with `./retune up`.")
    values = {
        "AWS_ENDPOINT_URL": ready["endpoint_url"],
        "AWS_DEFAULT_REGION": ready["region"],
        "AWS_REGION": ready["region"],
        **{name.upper(): value for name, value in LOCAL_CREDENTIALS.items()},
        "RETUNE_ROLE_ARN": ready["training_role_arn"],
        "RETUNE_IMAGE_URI": ready["image_uri"],
    }
    unset = "unset AWS_PROFILE AWS_SESSION_TOKEN"
    if running.is_alone(ready):
        unset += " RETUNE_BUCKET"
    else:
        values["RETUNE_BUCKET"] = ready["bucket"]
    for name, value in values.items():
        print(f"export {name}={shlex.quote(value)}")  # noqa: T201
    print(unset)  # noqa: T201
    return ExitCode.DONE
