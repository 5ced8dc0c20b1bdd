"""Every constraint of the two Create requests in the service model, broken once each: refused, and nothing starts."""

from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from local_sagemaker.sagemaker.protocol.validation import service_model, validate
from local_sagemaker.sagemaker.rules import check_training_job, check_tuning_job
from support.accepted import TRAINING_JOB, TUNING_JOBS
from support.botocore_validation import model_faults
from support.complete import complete
from support.sagemaker_world import World
from support.violations import Violation, constraints, violations

TUNING, TRAINING = "CreateHyperParameterTuningJob", "CreateTrainingJob"
ACCEPTED = [*((TUNING, request) for request in TUNING_JOBS.values()), (TRAINING, TRAINING_JOB)]


def violations_of(operation: str, request: dict[str, Any]) -> list[Violation]:
    return list(violations(service_model().operation_model(operation).input_shape, request))


def not_refused_as_said(world: World, operation: str, broken: list[Violation]) -> list[str]:
    """What was accepted, or refused otherwise than AWS would."""
    wrong = []
    for one in broken:
        try:
            world.sagemaker.handle(operation, one.request)
            wrong.append(f"{one.where} {one.constraint}: accepted")
        except ServiceError as refused:
            if (refused.code, refused.http_status) != (one.code, 400) or not all(
                t in refused.message for t in one.says
            ):
                wrong.append(f"{one.where} {one.constraint}: {refused}")
    return wrong


@pytest.mark.parametrize("operation", [TUNING, TRAINING])
def test_a_request_with_every_member_breaks_no_constraint(operation: str) -> None:
    assert model_faults(complete(operation), operation) == []
    validate(operation, complete(operation))


def test_each_constraint_of_the_model_that_can_be_broken_is_broken_once() -> None:
    numbers = []
    for operation in (TUNING, TRAINING):
        shape = service_model().operation_model(operation).input_shape
        broken = [(one.where, one.constraint) for one in violations_of(operation, complete(operation))]
        assert sorted(broken) == sorted(constraints(shape))
        numbers.append(len(broken))

    assert sum(numbers) > 900


@pytest.mark.parametrize("operation", [TUNING, TRAINING])
def test_a_request_that_breaks_one_constraint_is_refused_in_awss_words_and_starts_nothing(
    world: World, operation: str
) -> None:
    broken = violations_of(operation, complete(operation))

    assert not_refused_as_said(world, operation, broken) == []

    assert world.call("ListTrainingJobs")["TrainingJobSummaries"] == []
    assert world.call("ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"] == []
    assert world.events == []


@pytest.mark.parametrize(("operation", "request_"), ACCEPTED)
def test_a_request_that_is_accepted_is_refused_once_one_of_its_members_breaks_its_constraint(
    world: World, operation: str, request_: dict[str, Any]
) -> None:
    validate(operation, request_)
    check_tuning_job(request_, {}) if operation == TUNING else check_training_job(request_)
    broken = violations_of(operation, request_)

    assert not_refused_as_said(world, operation, broken) == []

    assert len(broken) > 200
    assert world.events == []
