"""Quotas and names: what SageMaker refuses for what there is already, with its name for it and in its words."""

from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.jobs.quotas import QUOTAS, UnknownQuota, checked
from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.account import eventually
from support.sagemaker_world import ARN, SLEEPS, World, a_world


def refusal(world: World, operation: str, **request: Any) -> tuple[str, str]:
    with pytest.raises(ServiceError) as refused:
        world.call(operation, **request)
    assert refused.value.http_status == 400
    return refused.value.code, refused.value.message


@pytest.mark.parametrize(
    ("strategy", "jobs", "parallel", "limit"),
    [("Bayesian", 751, 1, 750), ("Random", 10_001, 1, 10_000), ("Random", 20, 11, 10)],
)
def test_more_jobs_than_the_default_quotas_are_refused(
    world: World, strategy: str, jobs: int, parallel: int, limit: int
) -> None:
    code, text = refusal(
        world, "CreateHyperParameterTuningJob", **world.tuning_request("", jobs, parallel, Strategy=strategy)
    )

    assert code == "ResourceLimitExceeded"
    assert text.startswith("The account-level service limit 'Maximum number of ") and f"' is {limit} Jobs" in text
    assert text.endswith("Please contact AWS support to request an increase for this limit.")


def test_a_raised_quota_lets_more_jobs_run_in_parallel(tmp_path: Path) -> None:
    with a_world(None, tmp_path, quotas={"parallel_training_jobs": 12}) as world:
        name = world.tune(SLEEPS, jobs=12, parallel=12)

        eventually(lambda: len(world.training_jobs(name)) == 12)


def test_tuning_jobs_beyond_the_quota_are_refused_until_one_has_ended(tmp_path: Path) -> None:
    with a_world(None, tmp_path, quotas={"tuning_jobs": 1}) as world:
        first = world.tune(SLEEPS)
        request = world.tuning_request()

        code, text = refusal(world, "CreateHyperParameterTuningJob", **request)

        assert code == "ResourceLimitExceeded"
        assert "is 1 Jobs, with current utilization of 1 Jobs and a request delta of 1 Jobs." in text
        world.call("StopHyperParameterTuningJob", HyperParameterTuningJobName=first)
        world.tuned(first)
        world.call("CreateHyperParameterTuningJob", **request)


def test_a_lowered_quota_of_training_jobs_holds_for_every_strategy(tmp_path: Path) -> None:
    with a_world(None, tmp_path, quotas={"training_jobs_per_tuning_job": 5}) as world:
        for strategy in ("Bayesian", "Random"):
            code, text = refusal(
                world, "CreateHyperParameterTuningJob", **world.tuning_request(jobs=6, Strategy=strategy)
            )
            assert code == "ResourceLimitExceeded" and "is 5 Jobs, with current utilization of 0 Jobs" in text


def test_training_jobs_beyond_the_quota_of_instances_are_refused(tmp_path: Path) -> None:
    with a_world(None, tmp_path, quotas={"training_jobs": 1}) as world:
        first = world.train(SLEEPS)

        code, text = refusal(world, "CreateTrainingJob", TrainingJobName="second", **world.definition())

        words = "The account-level service limit 'Number of instances across all training jobs' is 1 Instances, with "
        assert code == "ResourceLimitExceeded"
        assert text.startswith(f"{words}current utilization of 1 Instances and a request delta of 1 Instances.")
        world.call("StopTrainingJob", TrainingJobName=first)
        world.trained(first)
        world.train()


@pytest.mark.parametrize(
    "quotas", [{"tuning_job": 1}, {"tuning_jobs": -1}, {"tuning_jobs": True}, {"training_jobs": 1.5}]
)
def test_a_quota_that_there_is_not_is_refused_with_those_that_there_are(tmp_path: Path, quotas: dict[str, Any]) -> None:
    with pytest.raises(UnknownQuota, match=rf"`{next(iter(quotas))}`"):
        World(None, tmp_path, quotas=quotas)

    with pytest.raises(UnknownQuota, match=", ".join(QUOTAS)):
        checked({"jobs": 1})


def test_a_name_is_taken_for_ever_in_either_case(world: World) -> None:
    request = world.tuning_request(jobs=1)
    world.call("CreateHyperParameterTuningJob", **request)
    world.tuned(request["HyperParameterTuningJobName"])
    name = request["HyperParameterTuningJobName"].upper()

    refused = refusal(world, "CreateHyperParameterTuningJob", **{**request, "HyperParameterTuningJobName": name})

    words = f"A hyperparameter tuning job with the name, {name}, already exists. Choose a different name."
    assert refused == ("ResourceInUse", words)
    training = world.train()
    assert refusal(world, "CreateTrainingJob", TrainingJobName=training, **world.definition())[0] == "ResourceInUse"


def test_what_is_not_there_is_not_found(world: World) -> None:
    words = "Amazon SageMaker can't find a tuning job called none. Type another name."
    for operation in (
        "DescribeHyperParameterTuningJob",
        "StopHyperParameterTuningJob",
        "DeleteHyperParameterTuningJob",
        "ListTrainingJobsForHyperParameterTuningJob",
    ):
        assert refusal(world, operation, HyperParameterTuningJobName="none") == ("ResourceNotFound", words)
    for operation in ("DescribeTrainingJob", "StopTrainingJob", "DeleteTrainingJob"):
        found = refusal(world, operation, TrainingJobName="none")
        assert found == ("ValidationException", "Requested resource not found.")
    assert refusal(world, "ListTags", ResourceArn=f"{ARN}:training-job/none")[0] == "ValidationException"
