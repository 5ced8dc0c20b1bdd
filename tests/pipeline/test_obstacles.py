"""What stands between sound data and their tuning job: quotas, strangers, people, other jobs, a missing image."""

from dataclasses import replace

from chalicelib.decision import Nothing, Refuse, Wait
from chalicelib.state import JobStatus, Phase
from tests.support.pipeline.fake_sagemaker import client_error
from tests.support.pipeline.steps import finish_the_tuning_job, wipe_the_ledger
from tests.support.pipeline.world import IRIS, SETTLE_S, World


def test_a_used_up_quota_is_waited_for_told_once_and_then_the_frozen_request_is_sent(world: World) -> None:
    world.upload_iris()
    words = "The account-level service limit is 1, with current utilization of {}."
    world.sagemaker.refuse_with = client_error("ResourceLimitExceeded", words.format(1))
    assert isinstance(world.settle(), Wait)
    world.sagemaker.refuse_with = client_error("ResourceLimitExceeded", words.format(2))
    assert isinstance(world.reconcile(), Wait)
    assert len(world.topic.published) == 1

    world.sagemaker.refuse_with = None
    world.upload("train/iris.csv", IRIS.replace(b"5.1,3.5", b"5.3,3.5"))
    world.heal()

    first = world.sagemaker.requests[0]["HyperParameterTuningJobName"]
    stored = world.json(f"tuning/iris/{first}/request.json")
    assert world.sagemaker.requests[0] == stored


def test_a_stranger_with_our_name_is_left_alone_and_the_next_attempt_is_made(world: World) -> None:
    world.upload_iris()
    world.settle()
    (ours,) = world.sagemaker.jobs
    world.sagemaker.jobs[ours]["tags"] = []
    wipe_the_ledger(world)

    world.settle()

    assert list(world.sagemaker.jobs) == [ours, ours[:-1] + "2"]


def test_a_wiped_ledger_adopts_the_job_that_runs_and_buys_no_second(world: World) -> None:
    world.upload_iris()
    world.settle()
    wipe_the_ledger(world)

    decision = world.settle()

    assert isinstance(decision, Wait) and len(world.sagemaker.requests) == 1
    assert world.ledger.head("iris").phase is Phase.STARTED


def test_a_tuning_job_that_a_person_deleted_is_released_and_not_bought_again(world: World) -> None:
    world.upload_iris()
    world.settle()
    world.sagemaker.jobs.clear()

    decision = world.reconcile()

    assert isinstance(decision, Nothing) and "deleted" in decision.reason
    assert len(world.sagemaker.requests) == 1


def test_a_request_that_sagemaker_rejects_is_refused_in_its_words_and_retried_when_asked(world: World) -> None:
    world.upload_iris()
    world.sagemaker.refuse_with = client_error("ValidationException", "Role is not valid.")
    decision = world.settle()
    assert isinstance(decision, Refuse) and "Role is not valid" in decision.reason
    (job,) = world.ledger.jobs("iris")
    assert job.status is JobStatus.REJECTED and len(world.topic.published) == 1

    world.sagemaker.refuse_with = None
    world.ledger.ask_retry(job)
    world.reconcile()

    (name,) = world.sagemaker.jobs
    assert name.endswith("-a2")


def test_newer_data_wait_until_the_open_tuning_job_has_ended(world: World) -> None:
    world.upload_iris()
    world.settle()
    world.upload("train/iris.csv", IRIS.replace(b"5.1,3.5", b"5.2,3.5"))
    assert isinstance(world.settle(), Wait) and len(world.sagemaker.requests) == 1

    finish_the_tuning_job(world)

    assert len(world.sagemaker.requests) == 2


def test_newer_data_stop_the_open_tuning_job_when_the_spec_says_supersede(world: World) -> None:
    world.upload_iris()
    world.upload("tuning.json", '{"target": "Sepal.Length", "on_new_data": "supersede"}')
    world.settle()
    (first,) = world.sagemaker.jobs
    world.upload("train/iris.csv", IRIS.replace(b"5.1,3.5", b"5.2,3.5"))
    world.settle()
    assert world.sagemaker.jobs[first]["status"] == "Stopping"

    world.sagemaker.end(first, "Stopped")
    world.conclude(first)

    assert len(world.sagemaker.requests) == 2


def test_no_image_is_a_wait_that_ends_when_one_is_pushed(world: World) -> None:
    world.upload_iris()
    digests = world.ecr.describe_images(repositoryName="retune-mars")["imageDetails"]
    world.ecr.batch_delete_image(
        repositoryName="retune-mars", imageIds=[{"imageDigest": found["imageDigest"]} for found in digests]
    )
    assert isinstance(world.settle(), Wait) and world.sagemaker.requests == []

    world.push_image("20260102T000000Z-bbbbbbb")
    world.reconcile()

    assert len(world.sagemaker.requests) == 1


def test_a_marker_is_waited_for_when_the_spec_says_so(world: World) -> None:
    world.upload("train/iris.csv", IRIS)
    world.upload("tuning.json", '{"target": "Sepal.Length", "start": "marker"}')
    assert isinstance(world.settle(), Wait) and world.sagemaker.requests == []

    world.upload("_READY", "x")
    world.settle()

    assert len(world.sagemaker.requests) == 1


def test_what_is_refused_is_told_with_the_cell_and_logged_without_it(world: World) -> None:
    logged: list[dict[str, object]] = []
    world.upload("train/iris.csv", b"Sepal.Length,Petal.Length\n5.1,1.4\nsecret,1.5\n" + 20 * b"4.9,1.4\n")
    world.upload("tuning.json", '{"target": "Sepal.Length"}')
    world.reconcile()
    world.now += SETTLE_S

    replace(world.pipeline(), note=lambda what, **facts: logged.append({"what": what, **facts})).reconcile("iris")

    (message,) = world.topic.published
    assert "secret" in message["Message"]
    assert logged == [{"what": "refuse", "dataset": "iris", "code": "data-refused", "problems": 1}]


def test_stopping_says_of_a_tuning_job_that_has_ended_that_it_has_and_leaves_one_that_is_stopping_alone(
    world: World,
) -> None:
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs
    sagemaker = world.pipeline().sagemaker

    assert sagemaker.stop(name)
    assert sagemaker.stop(name)  # SageMaker would refuse to be told again
    world.sagemaker.end(name, "Stopped")
    assert not sagemaker.stop(name)
    assert not sagemaker.stop("retune-of-another-time")
