"""One processing job: what its program is given, what comes of it, and how it ends.

docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.container import uploads
from support.account import Account, eventually
from support.processing_world import (
    BELOW,
    COPIES,
    SLEEPS,
    STUBBORN,
    ProcessingWorld,
    a_processing_world,
    cluster,
    input_,
    output,
    outputs,
)
from support.sagemaker_world import ARN, ROLE

CONFIG = "say('[' + read('config/processingjobconfig.json') + ',' + read('config/resourceconfig.json') + ']')"
SHOWS = "say(json.dumps([sys.argv[1:], dict(os.environ)]))"


@pytest.fixture
def world(account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProcessingWorld]:
    monkeypatch.setattr(uploads, "EVERY_S", 0.1)
    with a_processing_world(account.s3, tmp_path) as world:
        yield world


def test_inputs_are_files_of_the_program_and_its_outputs_objects(world: ProcessingWorld) -> None:
    world.put(**{"data/a.csv": "a,b"})

    job = world.processed(
        COPIES,
        ProcessingInputs=[input_(world.uri("data/"))],
        ProcessingOutputConfig=outputs(output(world.uri("result"))),
    )

    assert job["ProcessingJobStatus"] == "Completed"
    assert world.stored("result/") == {"b.csv": "A,B"}


def test_a_single_object_is_a_file_of_its_name(world: ProcessingWorld) -> None:
    world.put(**{"code/run.py": "1", "code/run.pyc": "2"})

    name = world.process(
        "say(os.listdir(ml + '/processing/in'))",
        ProcessingInputs=[input_(world.uri("code/run.py"), S3DataDistributionType="ShardedByS3Key")],
    )

    world.process_ended(name)
    assert "run.py" in world.said(name)


def test_a_manifest_names_the_objects(world: ProcessingWorld) -> None:
    manifest = json.dumps([{"prefix": world.uri("data/")}, "a.csv", "deep/b.csv"])
    world.put(**{"data/a.csv": "a", "data/deep/b.csv": "b", "data/c.csv": "c", "list": manifest})

    name = world.process(
        "say(sorted(os.listdir(ml + '/processing/in'))); say(read('processing/in/deep/b.csv'))",
        ProcessingInputs=[input_(world.uri("list"), S3DataType="ManifestFile")],
    )

    world.process_ended(name)
    assert world.said(name).splitlines() == ["['a.csv', 'deep']", "b"]


def test_a_program_finds_the_documented_files_of_config(world: ProcessingWorld) -> None:
    world.put(a="1")

    name = world.process(
        CONFIG,
        ProcessingInputs=[input_(world.uri("a"))],
        ProcessingOutputConfig=outputs(output(world.uri("result"))),
        Environment={"KEY": "VALUE"},
    )

    job = world.process_ended(name)
    config, hosts = json.loads(world.said(name))
    assert config == configured(name, job["AppSpecification"]["ImageUri"], world)
    assert (hosts["current_host"], hosts["hosts"]) == ("algo-1", ["algo-1"])


def configured(job: str, image: str, world: ProcessingWorld) -> dict[str, Any]:
    """What processingjobconfig.json holds for a job with an input, an output and a variable."""
    s3_input = {
        "LocalPath": f"{BELOW}/in",
        "S3Uri": world.uri("a"),
        "S3DataDistributionType": "FullyReplicated",
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
        "S3CompressionType": "None",
        "S3DownloadMode": "StartOfJob",
    }
    return {
        "ProcessingJobArn": f"{ARN}:processing-job/{job}",
        "ProcessingJobName": job,
        "AppSpecification": {
            "ImageUri": image,
            "ContainerEntrypoint": None,
            "ContainerArguments": None,
        },
        "Environment": {"KEY": "VALUE"},
        "ProcessingInputs": [{"InputName": "in", "AppManaged": False, "S3Input": s3_input}],
        "ProcessingOutputConfig": {
            "Outputs": [{"AppManaged": False, **output(world.uri("result"))}],
            "KmsKeyId": None,
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": "ml.m5.large",
                "VolumeSizeInGB": 5,
                "VolumeKmsKeyId": None,
            }
        },
        "RoleArn": ROLE,
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
    }


def test_arguments_follow_the_images_own_program(world: ProcessingWorld) -> None:
    image = {"ImageUri": world.processing_image(SHOWS), "ContainerArguments": ["--data", f"{BELOW}/in"]}

    name = world.process(AppSpecification=image)

    world.process_ended(name)
    words, variables = json.loads(world.said(name))
    assert words == ["--data", variables["ML_ROOT"] + "/processing/in"]


def test_an_entrypoint_takes_the_place_of_the_images_program(world: ProcessingWorld) -> None:
    world.put(**{"code/run.sh": "echo $1 $TONE"})
    image = {
        "ImageUri": world.processing_image("say('never')"),
        "ContainerEntrypoint": ["sh", f"{BELOW}/in/run.sh"],
        "ContainerArguments": ["hello"],
    }

    name = world.process(
        AppSpecification=image, Environment={"TONE": "softly"}, ProcessingInputs=[input_(world.uri("code/run.sh"))]
    )

    world.process_ended(name)
    assert world.said(name) == "hello softly\n"


def test_a_program_that_is_isolated_gets_no_way_to_the_local_aws(world: ProcessingWorld) -> None:
    names = [
        world.process(SHOWS, NetworkConfig={"EnableNetworkIsolation": is_isolated}) for is_isolated in (True, False)
    ]

    for name in names:
        world.process_ended(name)
    has_a_way = ["AWS_ENDPOINT_URL" in json.loads(world.said(name))[1] for name in names]
    assert has_a_way == [False, True]


def test_a_continuous_output_is_uploaded_while_the_program_runs(world: ProcessingWorld) -> None:
    name = world.process(
        "write('processing/out/a', '1'); " + SLEEPS,
        ProcessingOutputConfig=outputs(output(world.uri("result/"), mode="Continuous")),
    )

    assert eventually(lambda: world.stored("result/")) == {"a": "1"}
    assert world.processing(name)["ProcessingJobStatus"] == "InProgress"


def test_an_output_at_the_end_is_not_uploaded_before(world: ProcessingWorld) -> None:
    name = world.process(
        f"write('processing/out/a', '1'); write('processing/now/b', '2'); {SLEEPS}",
        ProcessingOutputConfig=outputs(
            output(world.uri("end")), output(world.uri("now"), f"{BELOW}/now", "now", "Continuous")
        ),
    )
    eventually(lambda: world.stored("now/"))

    assert world.stored("end/") == {}
    world.call("StopProcessingJob", ProcessingJobName=name)
    world.process_ended(name)
    assert world.stored("end/") == {"a": "1"}


def test_symbolic_links_are_not_uploaded(world: ProcessingWorld) -> None:
    body = "write('processing/out/a', '1'); os.symlink(ml + '/processing/out/a', ml + '/processing/out/b')"

    world.processed(body, ProcessingOutputConfig=outputs(output(world.uri("result"))))

    assert world.stored("result/") == {"a": "1"}


def test_outputs_are_encrypted_with_the_key_that_was_asked_for(world: ProcessingWorld) -> None:
    given = outputs(output(world.uri("result")), KmsKeyId="a-key")

    world.processed("write('processing/out/a', '1')", ProcessingOutputConfig=given)

    assert world.s3.head_object(Bucket=world.bucket, Key="result/a")["SSEKMSKeyId"] == "a-key"


def test_what_the_application_manages_is_neither_downloaded_nor_uploaded(world: ProcessingWorld) -> None:
    own = {"InputName": "in", "AppManaged": True, "S3Input": {"S3Uri": world.uri("x"), "S3DataType": "S3Prefix"}}
    to = {"OutputName": "out", "AppManaged": True, "S3Output": {"S3Uri": world.uri("y"), "S3UploadMode": "EndOfJob"}}

    job = world.processed("say('fine')", ProcessingInputs=[own], ProcessingOutputConfig=outputs(to))

    assert job["ProcessingJobStatus"] == "Completed"


def test_the_first_kilobyte_of_the_message_is_the_exit_message(world: ProcessingWorld) -> None:
    job = world.processed("write('output/message', 'a' + 'é' * 1000)")

    assert job["ProcessingJobStatus"] == "Completed"
    assert job["ExitMessage"] == "a" + "é" * 511  # 1024 bytes end within the 512th é


def test_a_message_that_is_not_utf_8_fails_the_job(world: ProcessingWorld) -> None:
    job = world.processed("write('output/message', b'\\xff', 'wb')")

    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"] == "ClientError: /opt/ml/output/message is not UTF-8 encoded."


def test_a_program_that_fails_fails_the_job_and_keeps_its_message_and_outputs(world: ProcessingWorld) -> None:
    job = world.processed(
        "write('output/message', 'no rows'); write('processing/out/a', '1'); sys.exit(3)",
        ProcessingOutputConfig=outputs(output(world.uri("result"))),
    )

    assert (job["ProcessingJobStatus"], job["FailureReason"]) == ("Failed", "AlgorithmError: , exit code: 3")
    assert job["ExitMessage"] == "no rows"
    assert world.stored("result/") == {"a": "1"}


def test_an_input_without_objects_fails_the_job(world: ProcessingWorld) -> None:
    job = world.processed(ProcessingInputs=[input_(world.uri("none/"))])

    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith(f'ClientError: No S3 objects found under S3 URL "{world.uri("none/")}"')


def test_an_output_that_cannot_be_uploaded_fails_the_job(world: ProcessingWorld) -> None:
    given = outputs(output("s3://there-is-no-such-bucket/out"))

    job = world.processed("write('processing/out/a', '1')", ProcessingOutputConfig=given)

    assert job["FailureReason"].startswith("ClientError: Failed to upload output data: ")


def test_an_output_folder_that_the_program_removed_has_nothing_to_upload(world: ProcessingWorld) -> None:
    given = outputs(output(world.uri("result")))

    job = world.processed("os.rmdir(ml + '/processing/out')", ProcessingOutputConfig=given)

    assert job["ProcessingJobStatus"] == "Completed"


def test_an_unknown_image_fails_the_job_and_says_how_to_map_it(world: ProcessingWorld) -> None:
    job = world.processed(AppSpecification={"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/none:1"})

    assert job["FailureReason"].startswith("ClientError: no program is mapped to the image")
    assert "--image none=FOLDER" in job["FailureReason"]


def test_a_program_that_is_not_there_fails_the_job(world: ProcessingWorld) -> None:
    image = {"ImageUri": world.processing_image(""), "ContainerEntrypoint": ["/there/is/none"]}

    job = world.processed(AppSpecification=image)

    assert job["FailureReason"].startswith("ClientError: the program cannot be started: ")


def test_a_stopped_job_gets_the_documented_signal_and_keeps_what_it_wrote(world: ProcessingWorld) -> None:
    body = (
        "try:\n    say('awake'); time.sleep(60)\n"
        "except KeyboardInterrupt:\n    write('processing/out/a', 'saved'); write('output/message', 'bye')"
    )
    name = world.process(body, ProcessingOutputConfig=outputs(output(world.uri("result"))))
    world.is_awake(name)

    world.call("StopProcessingJob", ProcessingJobName=name)

    job = world.process_ended(name)
    assert (job["ProcessingJobStatus"], job["ExitMessage"]) == ("Stopped", "bye")
    assert "FailureReason" not in job
    assert world.stored("result/") == {"a": "saved"}


def test_a_program_that_does_not_stop_is_killed_after_its_grace(world: ProcessingWorld) -> None:
    name = world.process(STUBBORN)
    world.is_awake(name)

    world.call("StopProcessingJob", ProcessingJobName=name)

    assert world.process_ended(name)["ProcessingJobStatus"] == "Stopped"


def test_a_job_that_runs_too_long_is_stopped(world: ProcessingWorld) -> None:
    job = world.processed(SLEEPS, StoppingCondition={"MaxRuntimeInSeconds": 1})

    assert job["ProcessingJobStatus"] == "Stopped"


def test_the_first_preferred_instance_is_the_one(world: ProcessingWorld) -> None:
    preferences = [{"InstanceType": "ml.c5.xlarge"}, {"InstanceType": "ml.m5.large"}]
    resources = cluster(InstanceType=None, InstanceCount=None, InstancePreferences=preferences)

    name = world.process(CONFIG, ProcessingResources=resources)

    chosen = world.process_ended(name)["ProcessingResources"]["ClusterConfig"]
    assert (chosen["SelectedInstanceType"], chosen["SelectedInstanceCount"]) == ("ml.c5.xlarge", 1)
    assert json.loads(world.said(name))[1]["current_instance_type"] == "ml.c5.xlarge"
