"""`local-sagemaker up`, as a process and with invalid options."""

import ctypes
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from local_sagemaker.command_line import main
from support.programs.program import ENVIRONMENT

STOPS_WITHIN_S = 60


@dataclass(frozen=True)
class Up:
    """A `local-sagemaker up` whose working folder is `folder`; `ready` is what it wrote to stdout."""

    folder: Path
    process: subprocess.Popen[str]
    ready: Mapping[str, Any]

    def client(self, service: str) -> Any:
        credentials = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        return boto3.client(service, endpoint_url=self.ready["endpoint_url"], region_name="us-east-1", **credentials)

    @property
    def messages(self) -> str:
        return (self.folder / "stderr.txt").read_text()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN_S)


@contextmanager
def started(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Its stderr goes to a file in the folder. It is killed at the end, if it still runs."""
    as_in_a_terminal = ["env", "--default-signal=INT,HUP"]  # not ignored, as in a background job or under nohup
    command = [*as_in_a_terminal, sys.executable, "-m", "local_sagemaker", "up", *words]
    with (folder / "stderr.txt").open("w") as stderr:
        process = subprocess.Popen(
            command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=stderr, text=True
        )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def running(folder: Path, *words: str) -> Iterator[Up]:
    with started(folder, "--json", *words) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (folder / "stderr.txt").read_text()
        yield Up(folder, process, json.loads(line))


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    folder = tmp_path_factory.mktemp("up")
    (folder / "own").mkdir()
    (folder / "own" / "train").touch(mode=0o755)
    with running(folder, "--image", "own=own") as started:
        yield started


Refused = Callable[..., tuple[int, str]]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Refused:
    """Runs the command in an empty folder; returns its exit code and the only line that it writes."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, **named: Any) -> tuple[int, str]:
        try:
            code = main(words, **named)
        except SystemExit as left:  # argparse
            code = int(str(left.code))
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        return code, said.err.rstrip("\n")

    return run


def test_its_one_line_has_what_a_client_needs(up: Up) -> None:
    registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com"

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", up.ready["endpoint_url"])
    assert {name: value for name, value in up.ready.items() if name != "endpoint_url"} == {
        "region": "us-east-1",
        "account": "123456789012",
        "training_role_arn": "arn:aws:iam::123456789012:role/local-sagemaker",
        "image_uris": {"own": f"{registry}/own:latest", "example": f"{registry}/example:latest"},
    }


def test_a_client_reaches_it(up: Up) -> None:
    up.client("s3").create_bucket(Bucket="reached")

    assert "reached" in [bucket["Name"] for bucket in up.client("s3").list_buckets()["Buckets"]]


def test_the_default_home_is_in_the_working_folder_and_ignored_by_git(up: Up) -> None:
    assert (up.folder / ".local-sagemaker" / "state.sqlite").exists()
    assert (up.folder / ".local-sagemaker" / ".gitignore").read_text() == "*\n"


def test_a_home_in_use_is_refused_with_the_process_that_uses_it(up: Up, refused: Refused) -> None:
    home = up.folder / ".local-sagemaker"

    code, message = refused("up", "--home", str(home))

    assert code == 1
    assert f"{home} is in use by another local AWS (process {up.process.pid})" in message


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as started:
        assert started.stop(number) == 0
        assert started.messages == "local-sagemaker: stopping …\n"


def test_the_next_start_resumes_with_the_state_and_the_port(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        first.client("s3").create_bucket(Bucket="kept")
        first.stop()

    with running(tmp_path) as second:
        assert [bucket["Name"] for bucket in second.client("s3").list_buckets()["Buckets"]] == ["kept"]
        assert second.ready == first.ready


def test_a_signal_that_another_thread_was_given_ends_it(tmp_path: Path) -> None:
    with running(tmp_path) as started:
        time.sleep(0.5)  # by then its first thread only waits
        pid = started.process.pid
        others = [int(task.name) for task in Path(f"/proc/{pid}/task").iterdir() if int(task.name) != pid]

        assert ctypes.CDLL(None).tgkill(pid, max(others), signal.SIGTERM) == 0

        assert started.process.wait(STOPS_WITHIN_S) == 0


def test_bound_to_an_address_of_this_machine_it_is_reached_there(tmp_path: Path) -> None:
    address = own_address()

    with running(tmp_path, "--bind", address) as started:
        assert started.ready["endpoint_url"].startswith(f"http://{address}:")
        assert started.client("s3").list_buckets()["Buckets"] == []


def own_address() -> str:
    """The address with which this machine reaches others; that of loopback, if it reaches none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, suppress(OSError):
        sender.connect(("203.0.113.7", 9))  # sends nothing
        return str(sender.getsockname()[0])
    return "127.0.0.1"


def test_bound_to_all_addresses_it_is_reached_at_loopback_and_says_who_can_run_commands(tmp_path: Path) -> None:
    with running(tmp_path, "--bind", "0.0.0.0") as started:
        assert started.ready["endpoint_url"].startswith("http://127.0.0.1:")
        assert started.client("s3").list_buckets()["Buckets"] == []
        assert "every program that reaches this address can run commands" in started.messages


def test_without_json_it_writes_exports_with_which_a_shell_reaches_it(tmp_path: Path) -> None:
    call = "import boto3, os; boto3.client('s3').list_buckets(); print(os.environ['IMAGE_URI'])"

    with started(tmp_path) as process:
        assert process.stdout is not None
        exports = "".join(line for line in until("Up until Ctrl-C.", process.stdout) if line.startswith("  "))
        called = subprocess.run(
            ["sh", "-euc", f'{exports}\nexec "$0" -c "{call}"', sys.executable],
            env={**ENVIRONMENT, "AWS_PROFILE": "nowhere"},
            capture_output=True,
            text=True,
        )

    assert called.stdout.endswith("/example:latest\n"), called.stderr


def until(start: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith(start):
            return
        yield line


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "local-sagemaker: the following arguments are required: up."),
        (("down",), "local-sagemaker: up: invalid choice: 'down'"),
        (("up", "--hom", "x"), "local-sagemaker: unrecognized arguments: --hom x."),
        (("up", "--home"), "local-sagemaker: --home: expected one argument."),
        (("up", "--port", "x"), "local-sagemaker: --port x: must be from 0 to 65535"),
        (("up", "--bind", "localhost"), "local-sagemaker: --bind localhost: must be an IP address"),
        (("up", "--image", "x"), "local-sagemaker: --image x: must be NAME=FOLDER"),
        (("up", "--quota", "jobs=1"), "local-sagemaker: --quota: `jobs` is not a quota"),
        (("up", "--chaos", "lose=1"), "local-sagemaker: --chaos lose=1: 'lose' is not a valid name"),
        (("up", "--allow-host", "http://a"), "local-sagemaker: --allow-host: 'http://a' is not a host name"),
        (("up", "--allow-origin", "a"), "local-sagemaker: --allow-origin: 'a' is not an origin"),
    ],
)
def test_invalid_usage_is_one_line_that_names_the_option(
    refused: Refused, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    code, line = refused(*words)

    assert code == 2
    assert line.startswith(message)
    assert list(tmp_path.iterdir()) == []


def test_a_port_in_use_is_refused(refused: Refused) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        code, line = refused("up", "--port", str(port))

    assert code == 1
    assert line.startswith(f"local-sagemaker: port {port} of 127.0.0.1 is in use by another program; choose another")


def test_an_emulator_that_does_not_answer_is_refused(refused: Refused) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"

        code, line = refused("up", "--beside", url)

    assert code == 1
    assert line.startswith(f"local-sagemaker: {url} does not answer (tried S3's ListBuckets: Could not connect")
    assert line.endswith("start that emulator first, or correct the URL.")


def test_a_foreign_address_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code = main(["up", "--home", str(tmp_path), "--bind", "203.0.113.7"])  # RFC 5737: nobody has it

    assert code == 1
    assert "203.0.113.7 is not an address of this machine; bind to another" in capsys.readouterr().err


def test_a_home_that_cannot_be_written_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    code, line = refused("up", "--home", str(tmp_path / "file" / "home"))

    assert (code, line.partition("file/home: ")[2]) == (1, "Not a directory; use a folder that can be written.")


def test_a_home_of_something_else_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_text("no database, but longer than its header" * 100)

    code, line = refused("up", "--home", str(tmp_path))

    assert code == 1
    assert line.endswith("pass another --home, or delete this one to start over.")


def test_elsewhere_than_on_linux_it_names_the_alternative(refused: Refused) -> None:
    assert refused("up", platform="darwin") == (
        1,
        "local-sagemaker: local-sagemaker runs on Linux only, not on darwin: use its OCI image instead.",
    )


def test_the_help_has_examples_and_the_default_home(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["up", "--help"])

    said = " ".join(capsys.readouterr().out.split())
    assert left.value.code == 0
    assert "by default .local-sagemaker in the working folder" in said
    assert "local-sagemaker up --image my-algo=./my-algo" in said


def test_the_users_profile_need_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENVIRONMENT, "AWS_PROFILE", "nobody")

    with running(tmp_path) as up:
        assert up.client("lambda").list_functions()["Functions"] == []
