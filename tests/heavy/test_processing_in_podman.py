"""Processing jobs of the local AWS whose images are Podman's: the container contract, by a container."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.account import Account, eventually, unique
from support.processing_world import BELOW, cluster, input_, output, outputs
from tests.support.heavy.podman import Podman, account_with_images_of, printed_lines

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(600)]
IMAGE = "localhost/cleaner:1"
URI = "123456789012.dkr.ecr.us-east-1.amazonaws.com/cleaner:1"
PATIENCE_S = 120
CLEAN = r"""#!/bin/bash
# The image's own entrypoint.
echo "arguments=$* unit=$UNIT interfaces=$(tail -n +3 /proc/net/dev | wc -l)"
grep -o '"current_host": "[^"]*"' /opt/ml/config/resourceconfig.json
tr a-z A-Z </opt/ml/processing/in/a.csv >/opt/ml/processing/out/a.csv
echo done >/opt/ml/output/message
case $MODE in
  fails) exit 3 ;;
  saves) trap 'echo saved >/opt/ml/processing/out/a.csv; exit 0' INT; echo awake; sleep 300 & wait ;;
esac
"""


@pytest.fixture(scope="module", autouse=True)
def image(podman: Podman, tmp_path_factory: pytest.TempPathFactory) -> None:
    """IMAGE has bash and an entrypoint."""
    podman.build(IMAGE, tmp_path_factory.mktemp("image"), "clean", CLEAN, "COPY clean /clean", 'ENTRYPOINT ["/clean"]')


@pytest.fixture(scope="module")
def account(podman: Podman, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """Of a local AWS that finds that Podman's images, and has a bucket `cleaned` with one input."""
    with account_with_images_of(podman, tmp_path_factory.mktemp("home")) as account:
        account.s3.create_bucket(Bucket="cleaned")
        account.s3.put_object(Bucket="cleaned", Key="in/a.csv", Body=b"a,b")
        yield account


def started(account: Account, mode: str = "", **app: Any) -> str:
    name = unique("processing")
    account.sagemaker.create_processing_job(
        ProcessingJobName=name,
        AppSpecification={"ImageUri": URI, **app},
        ProcessingInputs=[input_("s3://cleaned/in/")],
        ProcessingOutputConfig=outputs(output(f"s3://cleaned/{name}")),
        ProcessingResources=cluster(),
        NetworkConfig={"EnableNetworkIsolation": True},
        Environment={"MODE": mode, "UNIT": "a b"},
        RoleArn="arn:aws:iam::123456789012:role/processing",
    )
    return name


def ended(account: Account, name: str) -> dict[str, Any]:
    def look() -> dict[str, Any]:
        found: dict[str, Any] = account.sagemaker.describe_processing_job(ProcessingJobName=name)
        return found if found["ProcessingJobStatus"] in ("Completed", "Failed", "Stopped") else {}

    return eventually(look, PATIENCE_S)


def log(account: Account, name: str) -> list[str]:
    return printed_lines(account.aws.home / "sagemaker" / "processing-jobs" / name / "log.txt")


def result(account: Account, name: str) -> bytes:
    body: bytes = account.s3.get_object(Bucket="cleaned", Key=f"{name}/a.csv")["Body"].read()
    return body


def test_an_image_reads_its_input_and_leaves_its_output_and_message(account: Account) -> None:
    name = started(account, ContainerArguments=["--all", f"{BELOW}/in"])

    found = ended(account, name)

    assert found["ProcessingJobStatus"] == "Completed", found.get("FailureReason")
    assert log(account, name) == [
        f"arguments=--all {BELOW}/in unit=a b interfaces=1",
        '"current_host": "algo-1"',
    ]
    assert found["ExitMessage"] == "done\n"
    assert result(account, name) == b"A,B"


def test_an_entrypoint_takes_the_images_place(account: Account) -> None:
    name = started(account, ContainerEntrypoint=["/bin/sh", "-c", 'echo "$0 $#"'], ContainerArguments=["a", "b"])

    assert ended(account, name)["ProcessingJobStatus"] == "Completed"
    assert log(account, name) == ["a 1"]


def test_a_containers_exit_code_becomes_the_reason(account: Account) -> None:
    assert ended(account, started(account, "fails"))["FailureReason"] == "AlgorithmError: , exit code: 3"


def test_a_container_is_stopped_by_sigint_and_may_save_its_output(account: Account, podman: Podman) -> None:
    name = started(account, "saves")
    eventually(lambda: "awake" in log(account, name), PATIENCE_S)

    account.sagemaker.stop_processing_job(ProcessingJobName=name)

    assert ended(account, name)["ProcessingJobStatus"] == "Stopped"
    assert result(account, name) == b"saved\n"
    assert podman.says("ps", "--all", "--quiet") == ""
