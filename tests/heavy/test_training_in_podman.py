"""Training jobs of the local AWS whose images are Podman's: the container contract, by a container."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.account import Account, eventually, unique
from support.sagemaker_world import World, a_world
from tests.support.heavy.podman import Podman, account_with_images_of, printed_lines

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(600)]
IMAGE = "localhost/algo:1"
URI = "123456789012.dkr.ecr.us-east-1.amazonaws.com/algo:1"
PATIENCE_S = 120
TRAIN = r"""#!/bin/bash
# As most images do it: `train` is a program on PATH.
ml=/opt/ml
echo "x=$(sed -n 's/.*"x": "\([^"]*\)".*/\1/p' $ml/input/config/hyperparameters.json)"
echo "data=$(cat $ml/input/data/train/a.csv)"
echo "job=$TRAINING_JOB_NAME asked=$ASKED model=$SM_MODEL_DIR"
echo "interfaces=$(tail -n +3 /proc/net/dev | wc -l)"
echo m >$ml/model/m.txt
case $MODE in
  fails) echo 'bad data' >$ml/output/failure; exit 3 ;;
  saves) trap 'echo saved >$ml/model/m.txt; exit 0' TERM; echo awake; sleep 300 & wait ;;
  stubborn) trap '' TERM; echo awake; sleep 300 ;;
  calls) exec 3<>"/dev/tcp/127.0.0.1/${AWS_ENDPOINT_URL##*:}" && echo reached ;;
esac
"""


@pytest.fixture(scope="module", autouse=True)
def image(podman: Podman, tmp_path_factory: pytest.TempPathFactory) -> None:
    """IMAGE has bash and `train`."""
    podman.build(IMAGE, tmp_path_factory.mktemp("image"), "train", TRAIN, "COPY train /usr/local/bin/train")


@pytest.fixture(scope="module")
def account(podman: Podman, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """Of a local AWS that finds that Podman's images, and has a bucket `data` with one channel's file."""
    with account_with_images_of(podman, tmp_path_factory.mktemp("home")) as account:
        account.s3.create_bucket(Bucket="data")
        account.s3.put_object(Bucket="data", Key="in/a.csv", Body=b"1,2")
        yield account


def definition(**more: Any) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://data/in/"}
    return {
        "AlgorithmSpecification": {
            "TrainingImage": URI,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "x", "Regex": "x=([0-9.]+)"}],
            **more.pop("specification", {}),
        },
        "RoleArn": "arn:aws:iam::123456789012:role/training",
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        "OutputDataConfig": {"S3OutputPath": "s3://data/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 120},
        **more,
    }


def started(account: Account, mode: str = "", **more: Any) -> str:
    name = unique("training")
    asked = definition(Environment={"MODE": mode, "ASKED": "a b=c"}, **more)
    account.sagemaker.create_training_job(TrainingJobName=name, HyperParameters={"x": "0.5"}, **asked)
    return name


def ended(account: Account, name: str) -> dict[str, Any]:
    def look() -> dict[str, Any]:
        found: dict[str, Any] = account.sagemaker.describe_training_job(TrainingJobName=name)
        return found if found["TrainingJobStatus"] in ("Completed", "Failed", "Stopped") else {}

    return eventually(look, PATIENCE_S)


def log(account: Account, name: str) -> list[str]:
    return printed_lines(account.aws.home / "sagemaker" / name / "log.txt")


def model(account: Account, name: str) -> bytes:
    body = account.s3.get_object(Bucket="data", Key=f"out/{name}/output/model.tar.gz")["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        file = tar.extractfile("m.txt")
        assert file
        return file.read()


def test_an_image_trains_on_its_channels_and_leaves_its_model(account: Account) -> None:
    name = started(account, EnableNetworkIsolation=True)

    found = ended(account, name)

    assert found["TrainingJobStatus"] == "Completed", found.get("FailureReason")
    assert log(account, name) == [
        "x=0.5",
        "data=1,2",
        f"job={name} asked=a b=c model=/opt/ml/model",
        "interfaces=1",
    ]
    assert found["FinalMetricDataList"][0]["Value"] == 0.5
    assert model(account, name) == b"m\n"


def test_an_images_failure_file_and_exit_code_become_the_reason(account: Account) -> None:
    found = ended(account, started(account, "fails"))

    assert found["FailureReason"] == "AlgorithmError: bad data, exit code: 3"


def test_a_container_that_is_not_isolated_reaches_the_local_aws(account: Account) -> None:
    name = started(account, "calls")

    assert ended(account, name)["TrainingJobStatus"] == "Completed"
    assert log(account, name)[-1] == "reached"


def test_a_container_may_save_its_model_when_told_to_stop(account: Account, podman: Podman) -> None:
    name = started(account, "saves")
    eventually(lambda: "awake" in log(account, name), PATIENCE_S)

    account.sagemaker.stop_training_job(TrainingJobName=name)

    found = ended(account, name)
    assert (found["TrainingJobStatus"], found["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert model(account, name) == b"saved\n"
    assert podman.says("ps", "--all", "--quiet") == ""


def test_a_container_out_of_time_that_will_not_end_is_killed(account: Account, podman: Podman, tmp_path: Path) -> None:
    with a_world(account.s3, tmp_path, grace_s=1.0) as world:
        asked = definition(StoppingCondition={"MaxRuntimeInSeconds": 15}, Environment={"MODE": "stubborn"})
        name = world.train(**asked)

        found = eventually(lambda: ended_in(world, name), PATIENCE_S)

        assert found["SecondaryStatus"] == "MaxRuntimeExceeded", found
        assert "awake" in world.log(name)
    assert podman.says("ps", "--all", "--quiet") == ""


def ended_in(world: World, name: str) -> Any:
    found = world.training(name)
    return found if found["TrainingJobStatus"] not in ("InProgress", "Stopping") else None


def test_an_entrypoint_and_arguments_take_the_images_place(account: Account) -> None:
    words = {"ContainerEntrypoint": ["/bin/sh", "-c", 'echo "$0 $#"'], "ContainerArguments": ["a", "b", "c"]}

    name = started(account, specification=words)

    assert ended(account, name)["TrainingJobStatus"] == "Completed"
    assert log(account, name) == ["a 2"]


def test_checkpoints_may_be_anywhere_in_a_container(account: Account) -> None:
    script = "cat /kept/*; echo 1 >/kept/$TRAINING_JOB_NAME; touch /kept/none"
    asked = {
        "specification": {"ContainerEntrypoint": ["/bin/sh", "-c", script]},
        "CheckpointConfig": {"S3Uri": "s3://data/kept", "LocalPath": "/kept"},
    }
    first = started(account, **asked)
    ended(account, first)

    second = started(account, **asked)

    assert ended(account, second)["TrainingJobStatus"] == "Completed"
    assert log(account, second) == ["1"]


def test_a_program_that_the_image_does_not_have_fails_the_job_with_the_engines_words(account: Account) -> None:
    found = ended(account, started(account, specification={"ContainerEntrypoint": ["no-such-program"]}))

    assert found["TrainingJobStatus"] == "Failed"
    assert "no-such-program" in found["FailureReason"] or "exit code: 127" in found["FailureReason"]


def test_an_image_that_podman_does_not_have_is_named(account: Account) -> None:
    found = ended(account, started(account, specification={"TrainingImage": "algo:2"}))

    assert "no program is mapped to the image algo:2" in found["FailureReason"]
    assert "Podman does not have this image. Map it to a folder" in found["FailureReason"]


def test_a_tuning_job_searches_in_containers(account: Account) -> None:
    name = unique("tuning")
    asked = definition(Environment={"MODE": ""})
    account.sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "x"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "1", "MaxValue": "2"}]},
        },
        TrainingJobDefinition=asked,
    )

    def look() -> dict[str, Any]:
        found: dict[str, Any] = account.sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        return found if found["HyperParameterTuningJobStatus"] != "InProgress" else {}

    found = eventually(look, PATIENCE_S)
    assert found["TrainingJobStatusCounters"]["Completed"] == 4
    assert found["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] >= 1
