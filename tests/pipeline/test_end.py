"""What follows the end of a tuning job."""

import contextlib
import math

from chalicelib.errors import Unavailable
from chalicelib.state import JobStatus, Phase
from tests.support.pipeline.fake_sagemaker import client_error
from tests.support.pipeline.steps import bodies, finish_the_tuning_job, wipe_the_ledger
from tests.support.pipeline.world import World
from tests.support.tuned import metrics


def test_the_best_completed_training_job_is_recorded_promoted_and_told(world: World) -> None:
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs

    finish_the_tuning_job(world)  # objectives 0.3, 0.1, 0.2: the second is the least

    record = world.record(name)
    assert record["status"] == "Completed"
    assert record["best"]["training_job"] == f"{name}-002-00000000"
    assert record["objective"] == {"name": "mse", "type": "Minimize", "value": 0.1}
    champion = world.ledger.champion("iris")
    assert champion and champion["tuning_job"] == name and champion["objective"] == 0.1
    (message,) = world.topic.published
    assert "iris" in message["Subject"] and "0.1" in message["Subject"]
    assert world.ledger.head("iris").phase is Phase.ENDED
    assert world.ledger.jobs("iris")[0].status is JobStatus.COMPLETED


def test_what_the_log_says_of_the_best_model_is_recorded_reported_and_told(world: World) -> None:
    world.sagemaker.metrics = metrics(bound_reached=1, rsq=math.inf)
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs

    finish_the_tuning_job(world)

    best = world.record(name)["best"]
    stopped = "Its search stopped at 21 terms: a larger `nk` may fit better."
    assert best["notes"] == [stopped]
    assert (best["measures"]["mae"], best["model"]["engine"]) == (0.25, "compiled")
    assert "r2" not in best["measures"]  # JSON has no infinity
    (body,) = bodies(world)
    assert stopped in body
    report = world.s3.get_object(Bucket="data", Key=f"tuning/iris/{name}/report.html")["Body"].read().decode()
    assert "a larger <code>nk</code> may fit better." in report


def test_objectives_that_cannot_be_used_hide_no_other_and_are_told(world: World) -> None:
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs

    world.sagemaker.end(name, objectives=(-1e200, math.nan, 1e200, -math.inf, 0.25, 1e-200))
    world.conclude(name)

    record = world.record(name)
    assert (record["best"]["training_job"], record["degraded"]) == (f"{name}-006-00000000", True)
    assert [job["objective"] for job in record["training_jobs"]] == [None, None, None, None, 0.25, 1e-200]
    champion = world.ledger.champion("iris")
    assert champion and champion["objective"] == 0.0  # the least number of the ledger is 1e-130
    (body,) = bodies(world)
    assert "Its objective, -1e+200, cannot be used" in body and f"for one {name}-001-00000000" in body


def test_the_best_model_is_registered_once_for_people_to_approve(world: World) -> None:
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs

    finish_the_tuning_job(world)

    (package,) = world.sagemaker.model_packages.values()
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    (container,) = package["InferenceSpecification"]["Containers"]
    assert container["ModelDataUrl"] == world.record(name)["best"]["model_uri"]
    assert world.record(name)["model_package"]["group"] == package["ModelPackageGroupName"]


def test_a_registry_that_refuses_does_not_keep_the_record_back(world: World) -> None:
    def refuse(**_: object) -> None:
        raise client_error("AccessDeniedException", "You may not.")

    world.upload_iris()
    world.settle()
    world.sagemaker.create_model_package = refuse  # type: ignore[assignment, method-assign]
    (name,) = world.sagemaker.jobs

    finish_the_tuning_job(world)

    assert world.record(name)["model_package"] == {"refused": "You may not."}
    assert len(world.topic.published) == 1


def test_the_end_told_twice_writes_and_sends_nothing_the_second_time(world: World) -> None:
    world.upload_iris()
    world.settle()
    finish_the_tuning_job(world)
    (name,) = world.sagemaker.jobs
    before = list(world.effects)

    world.pipeline().conclude(name)
    world.pipeline().conclude(name)

    assert world.effects == before


def test_an_end_whose_event_was_lost_is_found_by_the_sweep(world: World) -> None:
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs
    world.sagemaker.end(name)

    world.heal()

    assert world.record(name)["told"] and len(world.topic.published) == 1


def test_an_end_that_arrives_before_the_start_was_noted_is_recorded_once(world: World) -> None:
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs
    wipe_the_ledger(world)

    finish_the_tuning_job(world)
    world.heal()

    assert world.record(name)["best"]
    assert len(world.topic.published) == 1 and len(world.sagemaker.requests) == 1


def test_a_wiped_ledger_does_not_repeat_a_message_that_the_record_says_was_told(world: World) -> None:
    world.upload_iris()
    world.settle()
    finish_the_tuning_job(world)
    wipe_the_ledger(world)

    world.heal()

    assert len(world.topic.published) == 1
    assert world.ledger.jobs("iris")[0].status is JobStatus.COMPLETED


def test_a_failed_tuning_job_is_told_and_retried_only_when_asked(world: World) -> None:
    world.upload_iris()
    world.settle()
    (first,) = world.sagemaker.jobs
    world.sagemaker.end(first, "Failed", objectives=())
    world.conclude(first)
    world.heal()
    assert len(world.sagemaker.requests) == 1 and world.record(first)["best"] is None

    (job,) = world.ledger.jobs("iris")
    world.ledger.ask_retry(job)
    world.reconcile()

    assert list(world.sagemaker.jobs) == [first, first[:-1] + "2"]


def test_a_worse_model_does_not_become_the_champion(world: World) -> None:
    world.upload_iris()
    world.settle()
    finish_the_tuning_job(world)
    (first,) = world.sagemaker.jobs
    world.upload("tuning.json", '{"target": "Sepal.Length", "folds": 4}')
    world.settle()
    second = list(world.sagemaker.jobs)[-1]
    world.sagemaker.end(second, objectives=(0.5,))
    world.pipeline().conclude(second)

    champion = world.ledger.champion("iris")

    assert champion and champion["tuning_job"] == first
    assert world.record(second)["champion"]["promoted"] is False


def test_of_two_that_conclude_at_once_one_sends_the_message(world: World) -> None:
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs
    world.sagemaker.end(name)
    publish = world.topic.publish

    def conclude_in_between(**arguments: object) -> None:
        world.topic.publish = publish  # type: ignore[method-assign]
        world.pipeline().conclude(name)
        publish(**arguments)

    world.topic.publish = conclude_in_between  # type: ignore[method-assign]
    world.pipeline().conclude(name)
    world.heal()

    assert len(world.topic.published) == 1


def test_a_topic_that_fails_loses_nothing(world: World) -> None:
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs
    world.sagemaker.end(name)
    publish = world.topic.publish

    def fail(**arguments: object) -> None:
        raise Unavailable("the topic is gone")

    world.topic.publish = fail  # type: ignore[method-assign]
    with contextlib.suppress(Unavailable):
        world.pipeline().conclude(name)
    world.topic.publish = publish  # type: ignore[method-assign]
    world.heal()

    assert len(world.topic.published) == 1


def test_the_end_has_the_dataset_looked_at_but_starts_nothing_itself(world: World) -> None:
    world.upload_iris()
    world.settle()
    (first,) = world.sagemaker.jobs
    world.upload("train/more.csv", b"Sepal.Length,Petal.Length\n5.1,1.4\n4.9,1.5\n")
    world.settle()
    world.queue.receive()
    world.sagemaker.end(first)

    world.pipeline().conclude(first)

    assert len(world.sagemaker.requests) == 1
    assert world.queue.receive() == ["iris"]
