"""Jobs that end before their program would: told to, out of time, or with the whole service."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.jobs.store import Memory, Store
from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.account import Account, eventually
from support.sagemaker_world import SLEEPS, SQUARE, STUBBORN, World, a_world

GRACE_S = 0.5
SAVES_ITS_MODEL = """
def save(*_):
    open(ml + "/model/m.txt", "w").write("m")
    sys.exit(7)
signal.signal(signal.SIGTERM, save)
say("mse=1")
time.sleep(60)
"""


@pytest.fixture
def world(account: Account, tmp_path: Path) -> Iterator[World]:
    with a_world(account.s3, tmp_path, grace_s=GRACE_S) as world:
        yield world


def stop_tuning(world: World, name: str) -> None:
    world.call("StopHyperParameterTuningJob", HyperParameterTuningJobName=name)


def stop_training(world: World, name: str) -> None:
    world.call("StopTrainingJob", TrainingJobName=name)


def is_there(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the second if it goes between open and read
        return False


def test_a_stopped_tuning_job_stops_its_training_jobs_and_starts_no_other(world: World) -> None:
    name = world.tune(SLEEPS, jobs=6, parallel=2)
    world.awake(2)

    stop_tuning(world, name)

    found = world.tuned(name)
    assert found["HyperParameterTuningJobStatus"] == "Stopped" and "FailureReason" not in found
    counted = {"Completed": 0, "InProgress": 0, "RetryableError": 0, "NonRetryableError": 0, "Stopped": 2}
    assert found["TrainingJobStatusCounters"] == counted
    assert world.statuses("HyperParameterTuningJobStatus", name) == ["InProgress", "Stopping", "Stopped"]
    for row in world.training_jobs(name):
        assert world.statuses("TrainingJobStatus", row["TrainingJobName"]) == ["InProgress", "Stopping", "Stopped"]


def test_until_its_programs_have_ended_a_stopped_tuning_job_is_stopping(world: World) -> None:
    name = world.tune(STUBBORN, jobs=2)
    (training,) = world.awake(1)

    stop_tuning(world, name)

    assert world.tuning(name)["HyperParameterTuningJobStatus"] == "Stopping"
    seen = world.training(training)
    assert (seen["TrainingJobStatus"], seen["SecondaryStatus"]) == ("Stopping", "Stopping")
    assert world.tuning(name)["TrainingJobStatusCounters"]["InProgress"] == 1
    world.tuned(name)


def test_what_was_best_before_stays_the_best(world: World) -> None:
    name = world.tune(
        f"if os.path.exists('{world.home}/again'):\n    {SLEEPS}\nopen('{world.home}/again', 'w')\n{SQUARE}"
    )
    world.awake(2)

    stop_tuning(world, name)

    found = world.tuned(name)
    first, second = world.training_jobs(name)
    assert (first["TrainingJobStatus"], second["TrainingJobStatus"]) == ("Completed", "Stopped")
    assert found["BestTrainingJob"]["TrainingJobName"] == first["TrainingJobName"]


def test_stopping_a_tuning_job_that_has_ended_is_refused_and_changes_nothing(world: World) -> None:
    name = world.tune(jobs=1)
    before = world.tuned(name)

    with pytest.raises(ServiceError, match="tuning job is already in status Completed") as refused:
        stop_tuning(world, name)

    assert refused.value.code == "ValidationException"
    assert world.tuning(name) == before


def test_a_program_that_ignores_the_first_signal_is_killed_after_its_grace(world: World) -> None:
    name = world.train(STUBBORN)
    world.awake(1)
    told_at = time.time()

    stop_training(world, name)

    ended = world.trained(name)
    assert ended["TrainingJobStatus"] == ended["SecondaryStatus"] == "Stopped"
    assert GRACE_S <= ended["TrainingEndTime"] - told_at < GRACE_S + 3


def test_a_program_may_save_its_model_when_told_to_stop(world: World) -> None:
    name = world.train(SAVES_ITS_MODEL)
    world.awake(1)

    stop_training(world, name)

    ended = world.trained(name)
    assert ended["TrainingJobStatus"] == "Stopped" and "FailureReason" not in ended
    assert ended["ModelArtifacts"]["S3ModelArtifacts"].endswith(f"/{name}/output/model.tar.gz")
    assert [found["Status"] for found in ended["SecondaryStatusTransitions"]][-2:] == ["Stopping", "Stopped"]


def test_stopping_a_training_job_twice_is_stopping_it_once(world: World) -> None:
    name = world.train(STUBBORN)
    world.awake(1)

    stop_training(world, name)
    stop_training(world, name)

    world.trained(name)
    assert world.statuses("TrainingJobStatus", name)[2:] == ["Stopped"]


def test_stopping_a_training_job_that_has_ended_is_refused(world: World) -> None:
    name = world.train()
    world.trained(name)

    with pytest.raises(ServiceError) as refused:
        stop_training(world, name)

    assert refused.value.code == "ValidationException"
    assert refused.value.message == "The request was rejected because the training job is in status Completed."


def test_a_tuning_job_goes_on_when_one_of_its_training_jobs_is_stopped(world: World) -> None:
    name = world.tune(f"if os.path.exists('{world.home}/again'):\n    say('mse=1')\nelse:\n    {SLEEPS}", jobs=2)
    (first,) = world.awake(1)
    (world.home / "again").touch()

    stop_training(world, first)

    found = world.tuned(name)
    assert found["HyperParameterTuningJobStatus"] == "Completed"
    assert [row["TrainingJobStatus"] for row in world.training_jobs(name)] == ["Stopped", "Completed"]


def test_a_training_job_out_of_time_is_stopped_and_says_why(world: World) -> None:
    ended = world.trained(world.train(SLEEPS, StoppingCondition={"MaxRuntimeInSeconds": 1}))

    assert (ended["TrainingJobStatus"], ended["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert 1 <= ended["TrainingEndTime"] - ended["TrainingStartTime"] < 4


def test_what_a_program_leaves_behind_is_ended_with_it(world: World) -> None:
    name = world.train("pid = os.fork() or time.sleep(60)\nsay(f'left={pid}')")

    ended = world.trained(name)

    found = re.search(r"left=(\d+)", world.log(name))
    assert ended["TrainingJobStatus"] == "Completed" and found
    assert eventually(lambda: not is_there(int(found[1])))


@pytest.mark.parametrize("told_before", [False, True])
def test_no_program_outlives_the_service(account: Account, tmp_path: Path, told_before: bool) -> None:
    with a_world(account.s3, tmp_path, grace_s=120.0) as world:
        name = world.train(f"say(f'pid={{os.getpid()}}'); {STUBBORN}")
        eventually(lambda: "awake" in world.log(name) if (world.home / name / "log.txt").exists() else False)
        if told_before:
            stop_training(world, name)
            assert world.training(name)["TrainingJobStatus"] == "Stopping"

        world.sagemaker.stop()

    found: Any = re.search(r"pid=(\d+)", world.log(name))
    assert not is_there(int(found[1]))


def test_a_search_that_the_service_leaves_no_time_for_ends_without_a_word(
    account: Account, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store, told = Store(Memory()), []

    def close_at_the_first_training_job(event: dict[str, Any]) -> None:
        told.append(event)
        if "TrainingJobStatus" in event["detail"]:
            store.close()

    with a_world(account.s3, tmp_path, store=store, put_event=close_at_the_first_training_job) as world:
        name = world.tune(SLEEPS, jobs=4, parallel=2)
        eventually(lambda: not store.is_open)

    assert world.tuning(name)["HyperParameterTuningJobStatus"] in ("InProgress", "Stopping", "Stopped")
    assert len([event for event in told if "TrainingJobStatus" in event["detail"]]) == 1
    assert caplog.records == []
