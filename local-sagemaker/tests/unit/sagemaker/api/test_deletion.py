"""DeleteHyperParameterTuningJob and DeleteTrainingJob."""

from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.jobs.store import Memory, Store
from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.sagemaker_world import SLEEPS, World, a_world

TUNING, TRAINING = "DeleteHyperParameterTuningJob", "DeleteTrainingJob"


def test_a_deleted_tuning_job_is_gone_and_its_training_jobs_stay(world: World) -> None:
    name = world.tune(jobs=2)
    arn = world.tuned(name)["HyperParameterTuningJobArn"]
    trained = [row["TrainingJobName"] for row in world.training_jobs(name)]

    assert world.call(TUNING, HyperParameterTuningJobName=name.upper()) == {}

    with pytest.raises(ServiceError, match="can't find a tuning job") as refused:
        world.tuning(name)
    assert refused.value.code == "ResourceNotFound"
    assert world.call("ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"] == []
    assert [world.training(one)["TuningJobArn"] for one in trained] == [arn] * 2


def test_the_name_of_a_deleted_job_is_free_again(world: World) -> None:
    request = world.tuning_request(jobs=1)
    for _ in range(2):
        world.call("CreateHyperParameterTuningJob", **request)
        world.tuned(request["HyperParameterTuningJobName"])
        world.call(TUNING, HyperParameterTuningJobName=request["HyperParameterTuningJobName"])
    for _ in range(2):
        world.trained(world.train(name="again"))
        world.call(TRAINING, TrainingJobName="again")


def test_a_tuning_job_that_runs_cannot_be_deleted(world: World) -> None:
    name = world.tune(SLEEPS, jobs=1)

    with pytest.raises(ServiceError, match=f"{name} with status InProgress is not in a terminal state") as refused:
        world.call(TUNING, HyperParameterTuningJobName=name)

    assert refused.value.code == "ValidationException"
    assert world.tuning(name)["HyperParameterTuningJobStatus"] == "InProgress"


def test_a_training_job_that_runs_cannot_be_deleted(world: World) -> None:
    name = world.train(SLEEPS)

    with pytest.raises(ServiceError, match="InProgress cannot be deleted") as refused:
        world.call(TRAINING, TrainingJobName=name)

    assert refused.value.code == "ResourceInUse"
    assert world.training(name)["TrainingJobStatus"] == "InProgress"


def test_a_tuning_job_still_lists_a_training_job_that_was_deleted(world: World) -> None:
    name = world.tune(jobs=1)
    world.tuned(name)
    (row,) = world.training_jobs(name)

    world.call(TRAINING, TrainingJobName=row["TrainingJobName"])

    assert world.training_jobs(name) == [row]
    assert world.tuning(name)["BestTrainingJob"]["TrainingJobName"] == row["TrainingJobName"]
    with pytest.raises(ServiceError, match="Requested resource not found"):
        world.training(row["TrainingJobName"])


def test_what_was_deleted_is_gone_after_a_restart_too_and_nothing_else(tmp_path: Path) -> None:
    rows = Memory()
    with a_world(None, tmp_path / "first", store=Store(rows)) as world:
        kept, gone = world.tune(jobs=2), world.tune(jobs=1)
        for name in (kept, gone):
            world.tuned(name)
        listed = world.training_jobs(kept)
        world.call(TRAINING, TrainingJobName=listed[0]["TrainingJobName"])
        world.call(TUNING, HyperParameterTuningJobName=gone)
        (orphan,) = (row["TrainingJobName"] for row in jobs(world) if row["TrainingJobName"].startswith(gone))

    with a_world(None, tmp_path / "second", store=Store(rows)) as world:
        (tuning,) = world.call("ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"]
        assert tuning["HyperParameterTuningJobName"] == kept
        assert world.training_jobs(kept) == listed
        assert {row["TrainingJobName"] for row in jobs(world)} == {listed[1]["TrainingJobName"], orphan}
        assert world.training(orphan)["TuningJobArn"].endswith(f"/{gone}")


def jobs(world: World) -> list[Any]:
    rows: list[Any] = world.call("ListTrainingJobs", MaxResults=100)["TrainingJobSummaries"]
    return rows
