"""What is emitted when a job's state changes, and how a job is described.

docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
"""

import itertools
import json
from typing import Any

from support.account import eventually
from support.sagemaker_world import ARN, FAILS, SLEEPS, World

TUNING = {
    "HyperParameterTuningJobName", "HyperParameterTuningJobArn", "HyperParameterTuningJobStatus",
    "TrainingJobDefinition", "CreationTime", "LastModifiedTime", "TrainingJobStatusCounters",
    "ObjectiveStatusCounters", "Tags",
}  # fmt: skip
"""The members of the documented sample: the best training job is not among them."""
TRAINING = {
    "TrainingJobName", "TrainingJobArn", "TrainingJobStatus", "SecondaryStatus", "HyperParameters",
    "AlgorithmSpecification", "RoleArn", "OutputDataConfig", "ResourceConfig", "StoppingCondition", "CreationTime",
    "TrainingStartTime", "TrainingEndTime", "LastModifiedTime", "SecondaryStatusTransitions", "Tags",
}  # fmt: skip
"""Those of the documented sample that our jobs have: no channels, no VPC."""


def milliseconds(epoch_s: float) -> int:
    return round(epoch_s * 1000)


def told(world: World, name: str, status: str) -> list[dict[str, Any]]:
    """The details of a job's events once the last one has this status."""
    return eventually(lambda: found if (found := world.told(name)) and status_of(found[-1]) == status else [])


def status_of(detail: dict[str, Any]) -> Any:
    return detail.get("TrainingJobStatus") or detail.get("HyperParameterTuningJobStatus")


def test_an_event_is_of_the_documented_kind_and_about_one_job(world: World) -> None:
    name = world.tune(jobs=1)

    told(world, name, "Completed")

    seen = {(event["source"], event["detail-type"], tuple(event["resources"])) for event in world.events}
    (row,) = world.training_jobs(name)
    tuning_arn, training_arn = f"{ARN}:hyper-parameter-tuning-job/{name}", row["TrainingJobArn"]
    assert seen == {
        ("aws.sagemaker", "SageMaker HyperParameter Tuning Job State Change", (tuning_arn,)),
        ("aws.sagemaker", "SageMaker Training Job State Change", (training_arn,)),
    }
    assert json.loads(json.dumps(world.events)) == world.events


def test_a_tuning_job_tells_of_its_beginning_and_its_end(world: World) -> None:
    request = world.tuning_request(jobs=2) | {"Tags": [{"Key": "team", "Value": "a"}]}
    name = request["HyperParameterTuningJobName"]
    world.call("CreateHyperParameterTuningJob", **request)

    first, last = told(world, name, "Completed")

    ended = world.tuning(name)
    assert set(first) == set(last) == TUNING
    assert (status_of(first), status_of(last)) == (
        "InProgress",
        "Completed",
    )
    assert last["HyperParameterTuningJobArn"] == ended["HyperParameterTuningJobArn"]
    assert last["TrainingJobDefinition"] == request["TrainingJobDefinition"]
    assert last["Tags"] == {"team": "a"}
    assert first["CreationTime"] == last["CreationTime"] == milliseconds(ended["CreationTime"])
    assert last["LastModifiedTime"] == milliseconds(ended["HyperParameterTuningEndTime"])
    none_yet = {"Completed": 0, "InProgress": 0, "RetryableError": 0, "NonRetryableError": 0, "Stopped": 0}
    assert first["TrainingJobStatusCounters"] == none_yet
    assert last["TrainingJobStatusCounters"] == {**none_yet, "Completed": 2}
    assert last["ObjectiveStatusCounters"] == {"Succeeded": 2, "Pending": 0, "Failed": 0}


def test_a_training_job_tells_of_its_beginning_and_its_end(world: World) -> None:
    name = world.train(Tags=[{"Key": "team", "Value": "a"}])

    first, last = told(world, name, "Completed")

    ended = world.training(name)
    assert set(first) >= TRAINING and set(last) >= TRAINING
    assert (first["TrainingJobStatus"], first["SecondaryStatus"]) == ("InProgress", "Starting")
    assert (last["TrainingJobStatus"], last["SecondaryStatus"]) == ("Completed", "Completed")
    assert first["TrainingStartTime"] is None and first["TrainingEndTime"] is None
    for member in ("CreationTime", "TrainingStartTime", "TrainingEndTime", "LastModifiedTime"):
        assert last[member] == milliseconds(ended[member])
    for member in ("AlgorithmSpecification", "RoleArn", "OutputDataConfig", "ResourceConfig", "StoppingCondition"):
        assert last[member] == ended[member]
    assert (last["HyperParameters"], last["Tags"]) == ({"x": "0.5"}, {"team": "a"})
    assert last["SecondaryStatusTransitions"] == [
        {
            "Status": step["Status"],
            "StartTime": milliseconds(step["StartTime"]),
            "StatusMessage": step["StatusMessage"],
            "EndTime": milliseconds(step["EndTime"]),
        }
        for step in ended["SecondaryStatusTransitions"]
    ]
    assert "TuningJobArn" not in last


def test_a_training_job_of_a_tuning_job_tells_whose_it_is(world: World) -> None:
    name = world.tune(jobs=1)
    told(world, name, "Completed")

    (row,) = world.training_jobs(name)

    arns = {detail["TuningJobArn"] for detail in world.told(row["TrainingJobName"])}
    assert arns == {f"{ARN}:hyper-parameter-tuning-job/{name}"}


def test_a_failed_training_job_tells_why(world: World) -> None:
    name = world.train(FAILS)

    first, last = told(world, name, "Failed")

    assert (first["FailureReason"], last["FailureReason"]) == (None, "AlgorithmError: bad data, exit code: 3")


def test_a_failed_tuning_job_tells_that_it_failed(world: World) -> None:
    name = world.tune(FAILS, jobs=1)

    assert [status_of(found) for found in told(world, name, "Failed")] == ["InProgress", "Failed"]


def test_the_times_and_steps_of_a_training_job_follow_each_other(world: World) -> None:
    began = world.trained(world.train())

    steps = began["SecondaryStatusTransitions"]

    assert [step["Status"] for step in steps] == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert all(step["EndTime"] == following["StartTime"] for step, following in itertools.pairwise(steps))
    assert steps[-1]["StartTime"] <= steps[-1]["EndTime"] == began["TrainingEndTime"]
    assert [step["StatusMessage"] for step in steps] == [
        "Preparing the instances for training",
        "Downloading input data",
        "Training image download completed. Training in progress.",
        "Uploading generated training model",
        "Training job completed",
    ]
    assert began["CreationTime"] <= began["TrainingStartTime"] <= began["TrainingEndTime"] == began["LastModifiedTime"]
    assert began["TrainingTimeInSeconds"] == began["BillableTimeInSeconds"] >= 1


def test_a_running_training_job_is_described_with_what_is_known_of_it(world: World) -> None:
    name = world.train(SLEEPS, Environment={"A": "b"}, EnableNetworkIsolation=True)
    world.awake(1)

    found = world.training(name)

    assert (found["TrainingJobStatus"], found["SecondaryStatus"]) == ("InProgress", "Training")
    assert (found["Environment"], found["EnableNetworkIsolation"]) == ({"A": "b"}, True)
    assert found["LastModifiedTime"] >= found["CreationTime"]
    unknown = {"TrainingEndTime", "FailureReason", "ModelArtifacts", "FinalMetricDataList", "BillableTimeInSeconds"}
    assert not unknown & set(found) and "TuningJobArn" not in found


def test_a_running_tuning_job_is_described_with_what_is_known_of_it(world: World) -> None:
    request = world.tuning_request(SLEEPS, jobs=4, parallel=2)
    name = request["HyperParameterTuningJobName"]
    world.call("CreateHyperParameterTuningJob", **request)
    world.awake(2)

    found = world.tuning(name)

    assert found["HyperParameterTuningJobStatus"] == "InProgress"
    defaults = {"TrainingJobEarlyStoppingType": "Off"}
    assert found["HyperParameterTuningJobConfig"] == {**request["HyperParameterTuningJobConfig"], **defaults}
    assert found["TrainingJobDefinition"]["StaticHyperParameters"] == {"_tuning_objective_metric": "mse"}
    assert found["TrainingJobStatusCounters"]["InProgress"] == found["ObjectiveStatusCounters"]["Pending"] == 2
    assert not {"HyperParameterTuningEndTime", "BestTrainingJob", "FailureReason"} & set(found)
