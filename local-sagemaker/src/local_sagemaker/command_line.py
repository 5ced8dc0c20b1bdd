"""The command `local-sagemaker`: results go to stdout, messages to stderr."""

import argparse
import json
import shlex
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, NoReturn

from local_sagemaker import __version__, platforms

if TYPE_CHECKING:
    from local_sagemaker.options import Options
    from local_sagemaker.server import LocalSageMaker

DONE, FAILED, USAGE = 0, 1, 2
HOME = Path(".local-sagemaker")
WAKE_S = 0.25
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ABOUT = """
Run AWS on this machine until Ctrl-C: SageMaker trains, tunes and hosts for real, the rest of AWS is moto. Once ready,
it prints its endpoint, a role, its images, and the variables that direct any AWS client to it.
"""
_EXAMPLES = """
examples:
  local-sagemaker up
  local-sagemaker up --home ~/aws --port 4566
  local-sagemaker up --image my-algo=./my-algo --quota tuning_jobs=1
  local-sagemaker up --chaos duplicate=0.5,delay=10,seed=7
  local-sagemaker up --allow-origin http://localhost:8888
  local-sagemaker up --bind 0.0.0.0 --port 4566 --allow-host aws.test

An image's folder has an executable program `entrypoint`, which is run with the argument train or serve, or the programs
`train` and `serve`. The image `example` is always there: a regression in Python. Other images run in docker or podman.

With --chaos, events of SageMaker and S3 come twice, late or out of order, and SageMaker's sometimes never. The default
rates are duplicate=0.3,delay=5,drop=0.1,reorder=0.2.

exit codes: 0 stopped by Ctrl-C or SIGTERM, 1 it cannot run, 2 usage
"""


def main(words: Sequence[str] | None = None, platform: str = sys.platform) -> int:
    """Run the command, and return its exit code."""
    arguments = _parser().parse_args(words)
    try:
        platforms.check(platform)
        return _up(arguments)
    except platforms.UnsupportedPlatform as refused:
        return _complain(FAILED, str(refused))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="local-sagemaker", description="AWS on this machine, with a real SageMaker.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="up")
    up = verbs.add_parser(
        "up",
        help="run it until Ctrl-C",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    more: dict[str, Any] = {"action": "append", "default": []}
    up.add_argument(
        "--port", default="0", help="the port; by default the one that the home had last, or any that is free"
    )
    up.add_argument(
        "--home",
        type=Path,
        metavar="FOLDER",
        help="where the state is kept, which the next start resumes; by default .local-sagemaker in the working folder",
    )
    up.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="the IP address to listen on")
    up.add_argument("--image", **more, metavar="NAME=FOLDER", help="your own training image, as a folder; repeatable")
    up.add_argument("--quota", **more, metavar="NAME=NUMBER", help="an AWS quota to simulate; repeatable")
    up.add_argument("--chaos", nargs="?", const="", metavar="RATES", help="deliver events as unreliably as AWS may")
    up.add_argument("--allow-host", **more, metavar="NAME", help="answer to this name too; repeatable")
    up.add_argument("--allow-origin", **more, metavar="ORIGIN", help="let this origin's web pages call it; repeatable")
    up.add_argument("--json", action="store_true", help="write what is ready as one line of JSON")
    return parser


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Write one line, without the usage, which would hide it."""
        self.exit(USAGE, f"{self.prog}: {message.removeprefix('argument ')}. See {self.prog} --help.\n")


def _up(arguments: argparse.Namespace) -> int:
    from local_sagemaker import options  # only after the platform was checked

    try:
        port, bind = options.port(arguments.port), options.bind(arguments.bind)
        parsed = options.parse(
            arguments.image, arguments.quota, arguments.chaos, arguments.allow_host, arguments.allow_origin
        )
    except options.InvalidOption as invalid:
        return _complain(USAGE, str(invalid))
    with _stopped() as stopped:
        return _run(arguments, port, bind, parsed, stopped)


def _run(arguments: argparse.Namespace, port: int, bind: str, options: "Options", stopped: Event) -> int:
    from local_sagemaker import HomeTaken, LocalSageMaker, PortRefused, UnreadableHome

    aws = LocalSageMaker(
        _home(arguments.home),
        port,
        options.images,
        quotas=options.quotas,
        chaos=options.chaos,
        allow_hosts=options.allow_hosts,
        allow_origins=options.allow_origins,
        bind=bind,
    )
    try:
        with aws:
            _announce(aws, (*options.images, "example"), arguments.json)
            while not stopped.wait(WAKE_S):  # without a timeout it misses a signal that another thread was given
                pass
            _say("stopping …")
    except PortRefused as refused:
        return _complain(FAILED, f"--port {port}, --bind {bind}: {refused.strerror}.")
    except (HomeTaken, UnreadableHome) as refused:
        return _complain(FAILED, str(refused))
    return DONE


def _home(home: Path | None) -> Path:
    """The folder for the state; the default one tells git to ignore it."""
    if home is not None:
        return home.expanduser()
    HOME.mkdir(exist_ok=True)
    (HOME / ".gitignore").write_text("*\n")
    return HOME


@contextmanager
def _stopped() -> Iterator[Event]:
    """Yield an event that is set by Ctrl-C, SIGTERM and a closed terminal. No signal interrupts a start or a stop."""
    event = Event()
    before = {number: signal.getsignal(number) for number in _STOPPING}
    heard = [number for number, handler in before.items() if handler is not signal.SIG_IGN]  # as nohup sets it
    for number in heard:
        signal.signal(number, lambda *_: event.set())
    try:
        yield event
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _announce(aws: "LocalSageMaker", repositories: Sequence[str], as_json: bool) -> None:
    ready: dict[str, Any] = {
        "endpoint_url": aws.endpoint_url,
        "region": aws.region,
        "account": aws.account,
        "training_role_arn": aws.role_arn,
        "image_uris": {name: aws.image_uri(name) for name in dict.fromkeys(repositories)},
    }
    sys.stdout.write(json.dumps(ready) + "\n" if as_json else _page(aws, ready))
    sys.stdout.flush()


def _page(aws: "LocalSageMaker", ready: dict[str, Any]) -> str:
    uris = list(ready["image_uris"].values())
    exported = {**aws.environment, "ROLE_ARN": ready["training_role_arn"], "IMAGE_URI": uris[0]}
    shown = {**ready, "image_uris": ", ".join(uris)}
    lines = [
        *(f"{name:18} {value}" for name, value in shown.items()),
        "",
        "To direct the AWS clients of a shell to it:",
        "",
        *(f"export {name}={shlex.quote(value)}" for name, value in exported.items()),
        "unset AWS_PROFILE",
        "",
        f"Up until Ctrl-C. The state is kept in {aws.home}.",
    ]
    return "\n".join(lines) + "\n"


def _say(text: str) -> None:
    sys.stderr.write(f"local-sagemaker: {text}\n")
    sys.stderr.flush()


def _complain(code: int, text: str) -> int:
    _say(text)
    return code
