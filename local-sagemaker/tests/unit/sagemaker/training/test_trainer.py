"""One training job: what its program is given, what comes of it, and how it ends."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.account import Account
from support.sagemaker_world import FAILS, World, a_world, channel

SHOWS_ITS_INPUT = """
say(json.dumps(given))
for name in ("inputdataconfig", "resourceconfig"):
    say(json.dumps(json.load(open(f"{ml}/input/config/{name}.json"))))
say(json.dumps(sorted(os.environ)))
"""


@pytest.fixture
def world(account: Account, tmp_path: Path) -> Iterator[World]:
    with a_world(account.s3, tmp_path) as world:
        yield world


def unpacked(world: World, uri: str) -> dict[str, bytes]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    body = world.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body), mode="r:gz") as tar:
        files = {member.name: tar.extractfile(member) for member in tar.getmembers()}
        return {name: file.read() for name, file in files.items() if file}


def test_a_program_finds_its_three_files_of_config(world: World) -> None:
    world.put(**{"in/train/a.csv": "1"})
    train = channel("train", f"s3://{world.bucket}/in/train/", ContentType="text/csv")
    numbers = {"x": "0.1", "degree": "2", "prune": "TRUE"}

    name = world.train(SHOWS_ITS_INPUT, HyperParameters=numbers, InputDataConfig=[train])

    world.trained(name)
    given, channels, host, _ = map(json.loads, world.log(name).splitlines())
    assert given == numbers
    assert channels == {
        "train": {
            "ContentType": "text/csv",
            "TrainingInputMode": "File",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": "None",
        }
    }
    group = {"instance_group_name": "homogeneousCluster", "instance_type": "ml.m5.large", "hosts": ["algo-1"]}
    assert host == {
        "current_host": "algo-1",
        "current_instance_type": "ml.m5.large",
        "current_group_name": "homogeneousCluster",
        "hosts": ["algo-1"],
        "instance_groups": [group],
        "network_interface_name": "lo",
    }


def test_the_group_of_instances_may_have_a_name(world: World) -> None:
    group = {"InstanceGroupName": "mine", "InstanceType": "ml.c5.xlarge", "InstanceCount": 1}
    name = world.train(SHOWS_ITS_INPUT, ResourceConfig={"InstanceGroups": [group], "VolumeSizeInGB": 5})

    world.trained(name)

    host = json.loads(world.log(name).splitlines()[2])
    assert (host["current_group_name"], host["current_instance_type"]) == ("mine", "ml.c5.xlarge")


def test_a_program_gets_the_environment_that_was_asked_for_and_nobodys_credentials(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "secret")
    monkeypatch.setenv("AWS_PROFILE", "mine")

    shows = "say(json.dumps(dict(os.environ)))"
    name = world.train(shows, Environment={"FOLDS": "5"}, EnableNetworkIsolation=True)

    world.trained(name)
    seen = json.loads(world.log(name))
    assert (seen["FOLDS"], seen["TRAINING_JOB_NAME"]) == ("5", name)
    assert seen["TRAINING_JOB_ARN"].endswith(f":training-job/{name}")
    assert not [variable for variable in seen if variable.startswith("AWS_")]


def test_a_program_that_is_not_isolated_finds_the_local_aws(
    world: World, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "secret")

    name = world.train("say(json.dumps(dict(os.environ)))")

    world.trained(name)
    seen = {name: value for name, value in json.loads(world.log(name)).items() if name.startswith("AWS_")}
    assert seen == {
        "AWS_ENDPOINT_URL": account.aws.endpoint_url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
    }


def test_the_model_and_the_output_are_uploaded_under_the_jobs_name(world: World) -> None:
    writes = 'open(ml + "/model/m.txt", "w").write("m"); open(ml + "/output/data/o.txt", "w").write("o")'

    name = world.train(writes)

    ended = world.trained(name)
    base = f"s3://{world.bucket}/output/{name}/output"
    assert ended["TrainingJobStatus"] == ended["SecondaryStatus"] == "Completed"
    assert ended["ModelArtifacts"] == {"S3ModelArtifacts": f"{base}/model.tar.gz"}
    assert unpacked(world, f"{base}/model.tar.gz") == {"m.txt": b"m"}
    assert unpacked(world, f"{base}/output.tar.gz") == {"o.txt": b"o"}


def test_a_job_of_a_name_that_the_folder_remembers_starts_from_nothing(world: World, tmp_path: Path) -> None:
    name = world.train('open(ml + "/model/m.txt", "w").write("m")')
    world.trained(name)

    with a_world(world.s3, tmp_path) as restarted:
        again = restarted.trained(restarted.train("pass", name=name))

    assert "ModelArtifacts" not in again and again["TrainingJobStatus"] == "Completed"


def test_the_failure_file_and_the_exit_code_become_the_reason(world: World) -> None:
    ended = world.trained(world.train(FAILS))

    assert ended["TrainingJobStatus"] == ended["SecondaryStatus"] == "Failed"
    assert ended["FailureReason"] == "AlgorithmError: bad data, exit code: 3"


def test_a_reason_has_at_most_1024_characters(world: World) -> None:
    ended = world.trained(world.train("open(ml + '/output/failure', 'w').write('é' * 2000); sys.exit(1)"))

    assert ended["FailureReason"] == "AlgorithmError: " + "é" * (1024 - len("AlgorithmError: "))


def test_a_program_that_says_nothing_of_its_failure_fails_in_awss_words(world: World) -> None:
    # aws-samples/amazon-sagemaker-ml-pipeline-deploy-with-terraform#12 shows them.
    ended = world.trained(world.train("sys.exit(1)"))

    assert ended["FailureReason"] == "AlgorithmError: , exit code: 1"


def test_a_killed_program_has_the_exit_code_of_its_signal(world: World) -> None:
    ended = world.trained(world.train("os.kill(os.getpid(), signal.SIGKILL)"))

    assert ended["FailureReason"].endswith(f"exit code: {128 + 9}")


def test_an_image_without_a_program_here_fails_the_job_and_names_it(world: World) -> None:
    specification = {"TrainingImage": "nobody/knows:1", "TrainingInputMode": "File"}

    ended = world.trained(world.train(AlgorithmSpecification=specification))

    assert ended["FailureReason"].startswith("ClientError: no program is mapped to the image nobody/knows:1")


@pytest.mark.parametrize("version", ["@sha256:" + "a" * 64, ":tag@sha256:" + "a" * 64, ""])
def test_an_image_is_found_by_its_repository_whatever_its_version(world: World, version: str) -> None:
    definition = world.definition("say('mse=1')")
    specification = definition["AlgorithmSpecification"]
    changed = {**specification, "TrainingImage": specification["TrainingImage"].removesuffix(":latest") + version}

    ended = world.trained(world.train(AlgorithmSpecification=changed))

    assert ended["TrainingJobStatus"] == "Completed"
