"""Nothing of a container is left behind, however the local AWS ends; ports and the watchdog, each by itself."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from local_sagemaker.sagemaker.container.engine import Engine
from local_sagemaker.sagemaker.container.images import ContainerImage, Program
from local_sagemaker.sagemaker.container.watchdog import Watchdog
from local_sagemaker.sagemaker.hosting.serving import ports as ports_module
from local_sagemaker.sagemaker.hosting.serving.ports import Ports, is_free
from local_sagemaker.sagemaker.hosting.serving.program import command
from local_sagemaker.sagemaker.hosting.serving.server import Container, Server
from support.account import eventually
from support.hosting_world import left_running, write_serving_program
from support.programs.program import ENVIRONMENT, program

SPAWNS = "if not os.fork(): time.sleep(600)"
"""A process more, in the container's group."""


@pytest.fixture
def sleepers() -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Two process groups; the second one ignores SIGTERM."""
    ignores = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    commands = (["sleep", "600"], [sys.executable, "-IS", "-c", ignores])
    started = [subprocess.Popen(one, start_new_session=True, stdout=subprocess.PIPE) for one in commands]
    assert started[1].stdout is not None
    started[1].stdout.readline()  # now it does
    yield started
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_containers_end_with_the_local_aws_however_it_ends_and_serve_again_with_the_next(
    tmp_path: Path, number: signal.Signals
) -> None:
    write_serving_program(tmp_path / "image", SPAWNS)
    local_aws = subprocess.Popen(
        program("serve_and_wait.py", tmp_path / "home", tmp_path / "image"),
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert local_aws.stdout is not None
    runtime = client("sagemaker-runtime", local_aws.stdout.readline().strip(), "us-east-1")
    assert runtime.invoke_endpoint(EndpointName="e", Body=b"abc")["Body"].read() == b"ABC"
    assert len(left_running(tmp_path)) == 2

    os.killpg(local_aws.pid, number)  # as a terminal sends Ctrl-C: to the whole group
    local_aws.communicate()

    eventually(lambda: left_running(tmp_path) == [])
    with LocalSageMaker(tmp_path / "home", images={"image": tmp_path / "image"}) as again:
        sagemaker = client("sagemaker", again.endpoint_url, again.region)
        sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="e", WaiterConfig={"Delay": 1})
        runtime = client("sagemaker-runtime", again.endpoint_url, again.region)
        assert runtime.invoke_endpoint(EndpointName="e", Body=b"abc")["Body"].read() == b"ABC"
    assert left_running(tmp_path) == []


def test_a_guard_ends_what_it_watches_and_nothing_else(sleepers: list["subprocess.Popen[bytes]"]) -> None:
    watchdog, (watched, forgotten) = Watchdog(), sleepers
    watchdog.watch(watched.pid)
    watchdog.watch(forgotten.pid)
    watchdog.forget(forgotten.pid)

    watchdog.stop()

    assert watched.wait() == -signal.SIGTERM
    assert forgotten.poll() is None


def test_a_guard_kills_what_ignores_sigterm(sleepers: list["subprocess.Popen[bytes]"]) -> None:
    watchdog, (_, stubborn) = Watchdog(), sleepers
    watchdog.watch(stubborn.pid)

    watchdog.stop()

    assert stubborn.wait() == -signal.SIGKILL


def test_a_port_is_lent_once_until_it_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports_module, "_BELOW_WHAT_THE_KERNEL_GIVES", [20_007, 20_008])
    ports = Ports()

    lent = {ports.reserve(), ports.reserve()}
    with pytest.raises(OSError, match="no port is free"):
        ports.reserve()
    ports.release(20_008)

    assert lent == {20_007, 20_008} and ports.reserve() == 20_008


def test_a_port_that_another_program_listens_on_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert not is_free(port)

    assert is_free(port)


def test_a_server_whose_port_was_taken_meanwhile_tries_another(tmp_path: Path) -> None:
    write_serving_program(tmp_path / "image")
    watchdog, ports, folder = Watchdog(), Ports(), tmp_path / "serving"
    folder.mkdir()
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        ports.reserve = iter([taken.getsockname()[1], ports.reserve()]).__next__  # type: ignore[method-assign]
        server = Server(Container(Program(tmp_path / "image"), folder, {}, lambda line: None), ports, watchdog)

        server.start(within_s=20)

        assert server.ask("POST", "/invocations", b"abc", {}, 5).body == b"ABC"
        server.end()
    assert "Address already in use" in server.container.log.read_text()
    watchdog.stop()


def test_an_engine_is_asked_to_run_the_image_with_serve() -> None:
    image = ContainerImage(Engine("docker"), "team/mars:1")

    asked = command(image, Path("/home/serving"), 20_007, {"A": "1"})

    assert asked.words[0] == "docker" and " run --rm " in " ".join(asked.words)
    assert asked.words[-2:] == ("team/mars:1", "serve")
    given = " ".join(asked.words)
    assert "--network host" in given and "--volume /home/serving/opt/ml:/opt/ml" in given
    assert "--env A=1" in given and "--env SAGEMAKER_BIND_TO_PORT=20007" in given
