"""The R workers behind nginx: what becomes of them, and of requests, when something ends."""

import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.container.process import DEADLINE_S, IRIS, ROOT, TARGET, Ml, eventually, group_is_gone
from tests.support.container.server import HAS_NGINX, Served, serving

pytestmark = pytest.mark.skipif(not HAS_NGINX, reason="nginx is not installed")

ROW = "3.5,1.4,0.2,setosa\n"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Ml:
    ml = Ml.of(tmp_path_factory.mktemp("trained"), TARGET, train={"iris.csv": IRIS})
    assert ml.train().code == 0
    return ml


@pytest.fixture
def served(trained: Ml, tmp_path: Path) -> Iterator[Served]:
    """With its temporary folder under `tmp_path`."""
    with serving(trained, SM_NUM_CPUS="2", TMPDIR=str(tmp_path)) as running:
        yield running


def workers(folder: Path) -> list[int]:
    """The process ids of the workers, from the file that the entrypoint reads."""
    return [int(line) for path in folder.glob("*/workers") for line in path.read_text().split()]


def test_a_worker_that_dies_is_replaced(served: Served, tmp_path: Path) -> None:
    before = workers(tmp_path)
    assert len(before) == 2

    for pid in before:
        os.kill(pid, signal.SIGKILL)

    eventually(lambda: len(workers(tmp_path)) == 2 and not set(workers(tmp_path)) & set(before))
    assert len(served.score(ROW * 3)) == 3


def test_what_is_being_answered_when_sigterm_comes_is_still_answered(served: Served, tmp_path: Path) -> None:
    before = computed_s(workers(tmp_path))

    with ThreadPoolExecutor() as pool:
        asked = pool.submit(served.score, ROW * 10_000)
        eventually(lambda: computed_s(workers(tmp_path)) > before)
        served.process.send_signal(signal.SIGTERM)

        assert served.process.wait(DEADLINE_S) == 0
        assert len(asked.result()) == 10_000


def test_nothing_is_left_after_sigterm(served: Served, tmp_path: Path) -> None:
    assert served.score(ROW)

    served.process.send_signal(signal.SIGTERM)

    assert served.process.wait(DEADLINE_S) == 0
    eventually(lambda: group_is_gone(served.process.pid))
    assert list(tmp_path.iterdir()) == []


def test_the_container_ends_when_r_does(served: Served, tmp_path: Path) -> None:
    parent = int(Path(f"/proc/{workers(tmp_path)[0]}/stat").read_text().rpartition(")")[2].split()[1])

    os.kill(parent, signal.SIGKILL)

    assert served.process.wait(DEADLINE_S) == 1
    eventually(lambda: group_is_gone(served.process.pid))


def test_more_requests_at_a_time_than_workers_all_get_their_own_answer(served: Served) -> None:
    counts = [random.Random(i).randint(1, 40) for i in range(300)]

    with ThreadPoolExecutor(100) as pool:
        answered = list(pool.map(lambda count: len(served.score(ROW * count)), counts))

    assert answered == counts


def test_a_large_answer_is_whole_although_nginx_is_kept_from_its_work_for_seconds(
    served: Served, tmp_path: Path
) -> None:
    rows = 6 * 2**20 // len(ROW)
    config = next(tmp_path.glob("*/nginx.conf"))
    first = int((config.parent / "nginx.pid").read_text())
    nginx = [first, *(int(pid) for pid in Path(f"/proc/{first}/task/{first}/children").read_text().split())]

    before = computed_s(workers(tmp_path))

    with ThreadPoolExecutor() as pool:
        asked = pool.submit(served.score, ROW * rows)
        eventually(lambda: computed_s(workers(tmp_path)) > before + 0.2)  # it has read the request, and computes
        signal_all(nginx, signal.SIGSTOP)
        time.sleep(4)
        signal_all(nginx, signal.SIGCONT)

        assert len(asked.result()) == rows


def test_a_large_answer_is_whole_although_the_client_takes_its_time(served: Served) -> None:
    rows = 6 * 2**20 // len(ROW)
    body = (ROW * rows).encode()

    with closing(HTTPConnection(served.url.removeprefix("http://"), timeout=30)) as connection:
        connection.request("POST", "/invocations", body, {"Content-Type": "text/csv"})
        answer = connection.getresponse()
        time.sleep(2)  # nginx puts aside what nobody has taken yet
        lines = answer.read().splitlines()

    assert len(lines) == rows


def signal_all(pids: list[int], number: int) -> None:
    for pid in pids:
        os.kill(pid, number)


def computed_s(pids: list[int]) -> float:
    """The processor time that they have taken so far."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(ticks) for stat in stats for ticks in stat[11:13]) / os.sysconf("SC_CLK_TCK")


def test_workers_answer_nobody_but_nginx(served: Served, tmp_path: Path) -> None:
    config = next(tmp_path.glob("*/nginx.conf")).read_text()
    port = int(config.partition("scgi_pass 127.0.0.1:")[2].partition(";")[0])
    header = b"CONTENT_LENGTH\x000\x00REQUEST_METHOD\x00GET\x00REQUEST_URI\x00/ping\x00WORKER_KEY\x00guess\x00"

    for sent in (b"%d:%s," % (len(header), header), b"x" * 100, b"9999999:", b""):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as worker:
            worker.sendall(sent)
            worker.shutdown(socket.SHUT_WR)
            assert worker.recv(100) == b""

    assert served.send("GET", "/ping").status == 200


def test_a_port_that_is_taken_ends_the_container(trained: Ml, tmp_path: Path) -> None:
    with (
        serving(trained) as first,
        trained.running("serve", SAGEMAKER_BIND_TO_PORT=first.url.rpartition(":")[2], TMPDIR=str(tmp_path)) as second,
    ):
        assert second.wait(DEADLINE_S) == 1

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="only root can drop privileges, by setpriv")
def test_no_process_that_serves_is_root(trained: Ml) -> None:
    with tempfile.TemporaryDirectory() as folder:
        readable = Path(folder)
        shutil.copytree(trained.root / "model", readable / "model")
        shutil.copytree(ROOT / "container", readable / "container")
        subprocess.run(["chmod", "-R", "a+rX", readable], check=True)
        with serving(Ml(readable, readable / "container" / "entrypoint")) as served:
            assert served.score(ROW)
            assert users_of_group(served.process.pid) == {65534}


def users_of_group(group: int) -> set[int]:
    """Who runs the processes of this group."""
    users = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(entry.name)) == group:
                users.add(entry.stat().st_uid)
        except ProcessLookupError:
            continue
    return users


def test_the_config_is_for_its_owner_only(served: Served, tmp_path: Path) -> None:
    folder = next(tmp_path.glob("*/nginx.conf")).parent

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
