"""The command `local-sagemaker`: results go to stdout, messages to stderr."""

import argparse
import ipaddress
import json
import os
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
    from local_sagemaker.server import LocalSageMaker

DONE, FAILED, USAGE = 0, 1, 2
HOME = Path(".local-sagemaker")
WAKE_S = 0.25
_ABOUT = """
Run AWS on this machine until Ctrl-C: SageMaker trains, tunes and hosts for
real, the rest of AWS is moto. Once ready, it prints its endpoint, a role, its
images, and the variables that direct any AWS client to it.
"""
_EXAMPLES = """
examples:
  local-sagemaker up
  local-sagemaker up --home ~/aws --port 4566
  local-sagemaker up --image my-algo=./my-algo --quota tuning_jobs=1
  local-sagemaker up --chaos duplicate=0.5,delay=10,seed=7
  local-sagemaker up --allow-origin http://localhost:8888
  local-sagemaker up --beside http://127.0.0.1:4566
  local-sagemaker up --bind 0.0.0.0 --port 4566 --allow-host aws.test

An image's folder has an executable program `entrypoint`, which is run with the
argument train or serve, or the programs `train` and `serve`. The image
`example` is always there: a regression in Python. Other images run in docker
or podman.

With --chaos, events of SageMaker and S3 come twice, late or out of order, and
SageMaker's sometimes never. Without RATES they are
duplicate=0.3,delay=5,drop=0.1,reorder=0.2

With --beside, only SageMaker is here. Every other request is passed on to the
AWS emulator at URL, whose S3 has the datasets and gets the models.

exit codes: 0 stopped by Ctrl-C or SIGTERM, 1 it cannot run, 2 usage
"""


class CannotRun(Exception):
    """The message names the reason and the fix; `code` is the exit code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def main(words: Sequence[str] | None = None, platform: str = sys.platform) -> int:
    """Run the command, and return its exit code."""
    arguments = _parser().parse_args(words)
    try:
        platforms.check(platform)
        with _stopped() as stopped:
            _up(arguments, stopped)
    except platforms.UnsupportedPlatform as unsupported:
        _say(str(unsupported))
        return FAILED
    except CannotRun as reason:
        _say(str(reason))
        return reason.code
    return DONE


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
    up.add_argument(
        "--bind", default="127.0.0.1", metavar="ADDRESS", help="the IP address to listen on; by default 127.0.0.1"
    )
    up.add_argument("--beside", metavar="URL", help="answer only SageMaker, and pass the rest on to that AWS emulator")
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
        self.exit(USAGE, f"local-sagemaker: {message.removeprefix('argument ')}. See local-sagemaker up --help.\n")


def _up(arguments: argparse.Namespace, stopped: Event) -> None:
    """Run until `stopped` is set. Raises: CannotRun."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)  # moto creates boto3 sessions, which fail for a profile that does not exist
    aws, repositories = _local_sagemaker(arguments)
    from local_sagemaker import HomeInUse, PortRefused, UnreadableHome, UnusableEmulator

    try:
        with aws:
            _announce(aws, repositories, arguments.json)
            while not stopped.wait(WAKE_S):  # without a timeout it misses a signal that another thread was given
                pass
            _say("stopping …")
    except PortRefused as refused:
        raise CannotRun(FAILED, f"{refused.strerror}, with --port or --bind.") from refused
    except (HomeInUse, UnreadableHome, UnusableEmulator) as refused:
        raise CannotRun(FAILED, str(refused)) from refused


def _local_sagemaker(arguments: argparse.Namespace) -> "tuple[LocalSageMaker, Sequence[str]]":
    """The local AWS, not started, and the repositories of its images. Raises: CannotRun."""
    from local_sagemaker import example_image, options  # cannot be imported on every platform

    try:
        port, bind = options.port(arguments.port), options.bind(arguments.bind)
        beside = None if arguments.beside is None else options.beside(arguments.beside)
        parsed = options.parse(
            arguments.image, arguments.quota, arguments.chaos, arguments.allow_host, arguments.allow_origin
        )
    except options.InvalidOption as invalid:
        raise CannotRun(USAGE, str(invalid)) from invalid
    if not ipaddress.ip_address(bind).is_loopback:
        _say(f"--bind {bind}: every program that reaches this address can run commands as this user.")
    home = _home(arguments.home)
    from local_sagemaker import LocalSageMaker  # takes seconds: invalid options are refused first

    aws = LocalSageMaker(
        home,
        port,
        parsed.images,
        quotas=parsed.quotas,
        chaos=parsed.chaos,
        allow_hosts=parsed.allow_hosts,
        allow_origins=parsed.allow_origins,
        bind=bind,
        beside=beside,
    )
    return aws, tuple(dict.fromkeys((*parsed.images, example_image.REPOSITORY)))


def _home(chosen: Path | None) -> Path:
    """The folder for the state; git ignores the default one. Raises: CannotRun."""
    home = (chosen or HOME).expanduser().absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        if chosen is None:
            (home / ".gitignore").write_text("*\n")
    except OSError as error:
        raise CannotRun(FAILED, f"--home {home}: {error.strerror}; use a folder that can be written.") from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise CannotRun(FAILED, f"--home {home}: permission denied; use a folder that can be written.")
    return home


@contextmanager
def _stopped() -> Iterator[Event]:
    """Yield an event that is set by Ctrl-C, SIGTERM and a closed terminal. No signal interrupts a start or a stop."""
    event = Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
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
        "image_uris": {name: aws.image_uri(name) for name in repositories},
    }
    sys.stdout.write(json.dumps(ready) + "\n" if as_json else _page(aws, ready))
    sys.stdout.flush()


def _page(aws: "LocalSageMaker", ready: dict[str, Any]) -> str:
    uris = list(ready["image_uris"].values())
    exported = {**aws.environment, "ROLE_ARN": ready["training_role_arn"], "IMAGE_URI": uris[0]}
    lines = [
        *(f"{name:18} {value}" for name, value in ready.items() if name != "image_uris"),
        *(f"{'image_uri':18} {uri}" for uri in uris),
        "",
        "In another shell:",
        "",
        *(f"  export {name}={shlex.quote(value)}" for name, value in exported.items()),
        "  unset AWS_PROFILE",
        "",
        f"Up until Ctrl-C. The state is kept in {aws.home}.",
    ]
    return "\n".join(lines) + "\n"


def _say(text: str) -> None:
    sys.stderr.write(f"local-sagemaker: {text}\n")
    sys.stderr.flush()
