"""When a tuning job is started, and when not."""

from chalicelib.decision import Nothing, Refuse, Wait
from chalicelib.state import Phase
from tests.support.pipeline.steps import finish_the_tuning_job, upload_by_parts
from tests.support.pipeline.world import IRIS, SETTLE_S, World


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


def test_a_queue_that_answers_late_does_not_make_the_look_after_the_settle_time_come_too_early(world: World) -> None:
    def late() -> None:
        world.now += 5.0

    world.upload_iris()
    world.queue.before_answer = late
    world.reconcile()
    (arrives_at, _), *_ = world.queue.messages
    world.now = arrives_at

    for dataset in world.queue.receive():
        world.reconcile(dataset)

    assert len(world.sagemaker.requests) == 1


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

    assert isinstance(decision, Nothing) and "already tuned this exact data on" in decision.reason
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


def test_a_span_wider_than_the_rows_is_refused_before_paying(world: World) -> None:
    world.upload("train/iris.csv", IRIS)
    world.upload("tuning.json", '{"target": "Sepal.Length", "static": {"minspan": "150"}}')

    decision = world.settle()

    assert isinstance(decision, Refuse) and "must be at most 119 with 150 rows in 5 folds, not 150" in decision.reason
    assert world.sagemaker.requests == []


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


def test_folds_of_a_column_are_bought_with_its_name_and_another_column_is_another_tuning_job(world: World) -> None:
    world.upload("train/iris.csv", IRIS)
    for column in ("Species", "Petal.Width"):
        world.upload("tuning.json", f'{{"target": "Sepal.Length", "folds": {{"count": 3, "by": "{column}"}}}}')
        world.settle()
        finish_the_tuning_job(world)

    sent = [request["TrainingJobDefinition"]["StaticHyperParameters"] for request in world.sagemaker.requests]

    assert [one["folds_by"] for one in sent] == ["Species", "Petal.Width"]


def test_fewer_groups_than_folds_are_refused_before_anything_is_bought(world: World) -> None:
    world.upload("train/iris.csv", IRIS)
    world.upload("tuning.json", '{"target": "Sepal.Length", "folds": {"count": 4, "by": "Species"}}')

    decision = world.settle()

    assert isinstance(decision, Refuse) and world.sagemaker.requests == []
    assert "column `Species` has 3 different values, but 4 folds need at least 4" in decision.reason
