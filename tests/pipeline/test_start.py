"""When a tuning job is started, and when not."""

from chalicelib.decision import Nothing, Refuse, Wait
from chalicelib.state import JobStatus, Phase
from tests.pipeline.fake_sagemaker import client_error
from tests.pipeline.world import IRIS, SETTLE_S, World


def test_a_settled_dataset_starts_one_tuning_job_on_its_snapshot(world: World) -> None:
    world.upload_iris()

    decision = world.settle()

    assert isinstance(decision, Wait) and "is running" in decision.reason
    (request,) = world.sagemaker.requests
    name = request["HyperParameterTuningJobName"]
    (channel,) = request["TrainingJobDefinition"]["InputDataConfig"]
    uri = channel["DataSource"]["S3DataSource"]["S3Uri"]
    assert uri == f"s3://data/tuning/iris/{name}/data/train/"
    snapshot = world.s3.get_object(Bucket="data", Key=f"tuning/iris/{name}/data/train/00001.csv")
    assert snapshot["Body"].read() == IRIS
    assert world.ledger.head("iris").phase is Phase.STARTED


def test_files_that_just_arrived_are_waited_for_and_looked_at_again_after_the_settle_time(world: World) -> None:
    world.upload_iris()

    decision = world.reconcile()

    assert isinstance(decision, Wait) and world.sagemaker.requests == []
    assert world.queue.messages == [(world.now + SETTLE_S, "iris")]


def test_a_burst_restarts_the_settle_time_and_sends_one_message_for_each_change(world: World) -> None:
    world.upload_iris()
    world.reconcile()
    world.now += SETTLE_S - 1
    world.upload("train/more.csv", IRIS)
    world.reconcile()
    world.now += SETTLE_S - 1

    decision = world.reconcile()

    assert isinstance(decision, Wait) and world.sagemaker.requests == []
    assert len(world.queue.messages) == 2


def test_looking_again_at_a_converged_dataset_writes_nothing(world: World) -> None:
    world.upload_iris()
    world.settle()
    before = list(world.effects)

    for _ in range(5):
        world.reconcile()

    assert world.effects == before


def test_the_same_bytes_under_another_etag_start_nothing_and_the_reason_says_so(world: World) -> None:
    world.upload_iris()
    world.settle()
    finish_the_tuning_job(world)
    half = len(IRIS) // 2
    upload_by_parts(world, "datasets/iris/train/iris.csv", [IRIS[:half], IRIS[half:]])

    decision = world.settle()

    assert isinstance(decision, Nothing) and "These very data were tuned by" in decision.reason
    assert len(world.sagemaker.requests) == 1


def test_a_change_starts_a_second_job_and_the_way_back_starts_no_third(world: World) -> None:
    world.upload_iris()
    world.settle()
    finish_the_tuning_job(world)
    world.upload("train/iris.csv", IRIS.replace(b"5.1,3.5", b"5.2,3.5"))
    world.settle()
    finish_the_tuning_job(world)
    world.upload("train/iris.csv", IRIS)

    decision = world.settle()

    assert isinstance(decision, Nothing)
    assert len(world.sagemaker.requests) == 2


def test_removing_a_file_starts_nothing(world: World) -> None:
    world.upload_iris()
    world.upload("train/more.csv", IRIS)
    world.settle()
    finish_the_tuning_job(world)
    world.remove("train/more.csv")

    decision = world.settle()

    assert isinstance(decision, Nothing) and "removed" in decision.reason
    assert len(world.sagemaker.requests) == 1


def test_data_that_were_refused_are_not_what_was_tuned_when_a_file_is_removed(world: World) -> None:
    world.upload_iris()
    world.upload("train/bad.csv", "a,b\n1\n")
    assert isinstance(world.settle(), Refuse)
    world.remove("train/bad.csv")

    world.settle()

    assert len(world.sagemaker.requests) == 1


def test_a_dataset_without_a_target_is_refused_once_and_healed_by_its_spec_alone(world: World) -> None:
    world.upload("train/iris.csv", IRIS)
    decision = world.settle()
    world.reconcile()
    assert isinstance(decision, Refuse) and "Sepal.Length" in decision.reason
    assert len(world.topic.published) == 1 and world.sagemaker.requests == []

    world.upload("tuning.json", '{"target": "Sepal.Length"}')
    world.settle()

    assert len(world.sagemaker.requests) == 1


def test_correcting_only_the_validation_folder_starts_without_the_sweep(world: World) -> None:
    world.upload_iris()
    world.upload("validation/v.csv", "Sepal.Length,Sepal.Width\n1,2\n")
    assert isinstance(world.settle(), Refuse)

    world.upload("validation/v.csv", IRIS)
    world.settle()

    assert len(world.sagemaker.requests) == 1


def test_a_file_replaced_while_it_is_copied_is_looked_at_anew(world: World) -> None:
    world.upload_iris()
    world.reconcile()
    world.now += SETTLE_S

    def replace_once() -> None:
        world.before_copy = None
        world.upload("train/iris.csv", IRIS.replace(b"5.1,3.5", b"5.3,3.5"))

    world.before_copy = replace_once
    decision = world.reconcile()
    assert isinstance(decision, Wait) and world.sagemaker.requests == []

    world.now += SETTLE_S
    world.reconcile()

    (request,) = world.sagemaker.requests
    key = f"tuning/iris/{request['HyperParameterTuningJobName']}/data/train/00001.csv"
    assert b"5.3,3.5" in world.s3.get_object(Bucket="data", Key=key)["Body"].read()


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
    world.pipeline().conclude(first)

    assert len(world.sagemaker.requests) == 2


def test_no_image_is_a_wait_that_ends_when_one_is_pushed(world: World) -> None:
    world.upload_iris()
    digests = world._ecr.describe_images(repositoryName="retune-mars")["imageDetails"]
    world._ecr.batch_delete_image(
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


def finish_the_tuning_job(world: World) -> None:
    name = list(world.sagemaker.jobs)[-1]
    world.sagemaker.end(name)
    world.pipeline().conclude(name)


def upload_by_parts(world: World, key: str, parts: list[bytes]) -> None:
    """moto refuses parts under 5 MB, so a metadata change stands for what another part size does: a new ETag."""
    world.s3.put_object(Bucket="data", Key=key, Body=b"".join(parts))
    from moto.s3.models import s3_backends

    s3_backends["123456789012"]["aws"].buckets["data"].keys[key]._etag = "0123456789abcdef-2"


def wipe_the_ledger(world: World) -> None:
    for item in world.dynamodb.scan(TableName="ledger")["Items"]:
        world.dynamodb.delete_item(TableName="ledger", Key={"pk": item["pk"], "sk": item["sk"]})
