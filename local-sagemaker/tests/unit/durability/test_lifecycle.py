"""Starting and stopping: nothing is left behind."""

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker import LocalSageMaker, PortRefused
from local_sagemaker.clients import client
from local_sagemaker.http_server import listen
from local_sagemaker.iam.sessions import Sessions
from local_sagemaker.lambdas.runner import Runner
from local_sagemaker.moto_seams import awslambda
from support.account import Account, eventually
from support.programs.program import ENVIRONMENT, program


def test_another_home_is_empty_and_the_port_is_free_again(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path / "one") as aws:
        client("s3", aws.endpoint_url, aws.region).create_bucket(Bucket="kept")
        port = int(aws.endpoint_url.rsplit(":", 1)[1])

    with LocalSageMaker(tmp_path / "other", port=port) as again:
        assert client("s3", again.endpoint_url, again.region).list_buckets()["Buckets"] == []


def test_nobody_answers_after_stop(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path) as aws:
        url = aws.endpoint_url
        urllib.request.urlopen(url).read()

    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(url)


def test_stopping_twice_changes_nothing(tmp_path: Path) -> None:
    aws = LocalSageMaker(tmp_path).start()
    aws.stop()
    aws.stop()


def test_a_failed_start_leaves_room_for_the_next(tmp_path: Path) -> None:
    with listen(0) as taken, pytest.raises(PortRefused, match="is in use by another program"):
        LocalSageMaker(tmp_path, port=taken.getsockname()[1]).start()

    with LocalSageMaker(tmp_path) as aws:
        assert aws.endpoint_url


def test_functions_die_with_a_local_aws_that_is_killed(tmp_path: Path) -> None:
    local_aws = subprocess.Popen(program("run_and_wait.py", tmp_path), env=ENVIRONMENT)
    log = tmp_path / "logs" / "sleeper.log"
    pid = int(eventually(lambda: log.exists() and re.findall(r"pid (\d+)", log.read_text()), timeout_s=60)[0])

    local_aws.kill()
    local_aws.wait()

    eventually(lambda: not Path(f"/proc/{pid}").exists())


def test_stopping_kills_the_functions_that_run(tmp_path: Path) -> None:
    with LocalSageMaker(tmp_path) as aws:
        account = Account(aws, [])
        function = account.function("tell_then_sleep", Timeout=60)
        account.lambda_.invoke(FunctionName=function["FunctionName"], InvocationType="Event", Payload=b"{}")
        pid = int(eventually(lambda: re.findall(r"pid (\d+)", account.log(function)))[0])
        began = time.monotonic()

    assert time.monotonic() - began < 60  # what it would have slept
    assert not Path(f"/proc/{pid}").exists()


def test_an_invocation_has_written_its_log_when_its_runner_has_stopped(tmp_path: Path) -> None:
    written: list[str] = []

    def put_log(*event: Any) -> None:
        time.sleep(0.1)
        written.append(str(event))

    with LocalSageMaker(tmp_path) as aws, ThreadPoolExecutor(1) as threads:
        function = awslambda.find(Account(aws, []).function("tell_then_sleep", Timeout=60)["FunctionArn"])
        assert function
        runner = Runner(tmp_path / "runner", aws.endpoint_url, aws.region, put_log, Sessions())
        threads.submit(runner.invoke, function, b"{}")
        log = runner.log_of(function.name)
        eventually(lambda: log.exists() and "pid " in log.read_text())

        runner.stop()

        assert "REPORT" in written[-1]


ENDS = """
import sys
from pathlib import Path
from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client

started = []
for _ in range(2):
    started.append(aws := LocalSageMaker(Path(sys.argv[1])).start())
    s3 = client("s3", aws.endpoint_url, aws.region)
    s3.create_bucket(Bucket="bucket")
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    for _ in range(2):
        s3.put_object(Bucket="bucket", Key="key", Body=b"")
    s3.put_object(Bucket="bucket", Key="other", Body=b"")
    aws.stop()
"""


def test_a_program_whose_local_aws_was_stopped_ends_in_silence(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", ENDS, tmp_path], env=ENVIRONMENT, capture_output=True, text=True)

    assert (ended.returncode, ended.stderr) == (0, "")
