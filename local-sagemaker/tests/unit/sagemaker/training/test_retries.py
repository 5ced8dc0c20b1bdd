"""RetryStrategy: another attempt where the failure was the service's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.account import Account
from support.sagemaker_world import FAILS, World, a_world

TRIES = "open(f'{ml}/../../../tries', 'a').write('x'); open(ml + '/model/m', 'w').write('m'); say('mse=1')"
"""A program that counts its attempts beside its job's folder, and leaves a model that has to be uploaded."""


class Flaky:
    """An S3 client that breaks at the first `faults` uploads, as no request could make it."""

    def __init__(self, s3: Any, faults: int):
        self._s3, self._faults = s3, faults

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._s3, name)
        if not name.startswith(("upload", "put_object")):
            return found

        def upload(*arguments: Any, **named: Any) -> Any:
            self._faults -= 1
            if self._faults >= 0:
                raise RuntimeError("out of order")
            return found(*arguments, **named)

        return upload


@pytest.fixture
def worlds(account: Account, tmp_path: Path) -> Iterator[Any]:
    """Makes a world whose first uploads fail."""
    made: list[Any] = []

    def make(faults: int) -> World:
        made.append(a_world(Flaky(account.s3, faults), tmp_path))
        return made[-1].__enter__()

    yield make
    for context in made:
        context.__exit__(None, None, None)


def attempts(world: World) -> int:
    file = world.home / "tries"
    return len(file.read_text()) if file.exists() else 0


def retry(times: int) -> dict[str, Any]:
    return {"RetryStrategy": {"MaximumRetryAttempts": times}}


def secondary(ended: Any) -> list[str]:
    return [found["Status"] for found in ended["SecondaryStatusTransitions"]]


def test_a_training_job_is_tried_again_after_an_internal_error(worlds: Any) -> None:
    world = worlds(faults=2)

    ended = world.trained(world.train(TRIES, **retry(3)))

    assert ended["TrainingJobStatus"] == "Completed" and "FailureReason" not in ended
    assert attempts(world) == 3
    assert secondary(ended).count("Starting") == 3 and secondary(ended)[-1] == "Completed"
    assert world.statuses("TrainingJobStatus", ended["TrainingJobName"]) == ["InProgress", "Completed"]


@pytest.mark.parametrize(("strategy", "tried"), [(retry(1), 2), ({}, 1)])
def test_a_training_job_is_not_tried_more_often_than_asked_for(worlds: Any, strategy: Any, tried: int) -> None:
    world = worlds(faults=9)

    ended = world.trained(world.train(TRIES, **strategy))

    assert ended["TrainingJobStatus"] == "Failed"
    assert ended["FailureReason"].startswith("InternalServerError")
    assert attempts(world) == tried


def test_a_failure_of_the_algorithm_is_final(worlds: Any) -> None:
    world = worlds(faults=0)

    ended = world.trained(world.train(f"{TRIES}; {FAILS}", **retry(3)))

    assert ended["FailureReason"].startswith("AlgorithmError")
    assert attempts(world) == 1


def test_all_attempts_share_one_maximum_runtime(worlds: Any) -> None:
    world = worlds(faults=1)

    ended = world.trained(
        world.train(f"{TRIES}; time.sleep(3)", **retry(3), StoppingCondition={"MaxRuntimeInSeconds": 5})
    )

    assert (ended["TrainingJobStatus"], ended["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert attempts(world) == 2


def test_a_tuning_jobs_training_jobs_are_tried_again_and_those_that_could_be_are_counted(worlds: Any) -> None:
    world = worlds(faults=3)
    ranges = {"CategoricalParameterRanges": [{"Name": "n", "Values": ["1", "2", "3"]}]}
    body = f"{TRIES}\nif given['n'] == '2':\n    {FAILS}"
    request = world.tuning_request(body, jobs=3, Strategy="Grid", ParameterRanges=ranges)
    request["TrainingJobDefinition"] |= retry(2)

    world.call("CreateHyperParameterTuningJob", **request)

    found = world.tuned(request["HyperParameterTuningJobName"])
    counted = {"Completed": 1, "InProgress": 0, "RetryableError": 1, "NonRetryableError": 1, "Stopped": 0}
    assert found["TrainingJobStatusCounters"] == counted
    assert attempts(world) == 3 + 1 + 1  # three in vain, then one that fails itself, then one that goes well
