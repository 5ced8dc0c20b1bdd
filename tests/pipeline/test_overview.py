"""The page of all datasets: right after each end, and set right by the sweep."""

from tests.support.pipeline.steps import finish_the_tuning_job
from tests.support.pipeline.world import World


def test_the_overview_shows_the_champion_and_leads_to_the_report_once_a_tuning_job_has_ended(world: World) -> None:
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs

    finish_the_tuning_job(world)  # objectives 0.3, 0.1, 0.2

    page = world.overview()
    assert "mse 0.1<" in page and "Completed" in page
    assert f'href="iris/{name}/report.html"' in page
    assert world.s3.head_object(Bucket="data", Key=f"tuning/iris/{name}/report.html")


def test_a_dataset_that_has_no_model_yet_is_shown_by_the_next_sweep(world: World) -> None:
    world.upload("train/sales.csv", "a,b\n1,2\n", dataset="sales")
    world.reconcile("sales")

    world.pipeline().sweep()

    page = world.overview()
    assert "sales" in page and "There is no model yet." in page


def test_an_overview_that_was_spoilt_is_set_right_by_the_next_sweep_and_then_left_alone(world: World) -> None:
    world.upload_iris()
    world.settle()
    finish_the_tuning_job(world)
    right = world.overview()
    world.s3.put_object(Bucket="data", Key="tuning/index.html", Body=b"older")

    world.pipeline().sweep()
    assert world.overview() == right

    before = world.effects.count("put_object")
    world.pipeline().sweep()
    assert world.effects.count("put_object") == before


def test_a_tuning_job_that_a_person_deleted_is_shown_as_deleted(world: World) -> None:
    world.upload_iris()
    world.settle()
    (name,) = world.sagemaker.jobs
    del world.sagemaker.jobs[name]

    world.reconcile()

    assert "Deleted: It is no longer in SageMaker." in world.overview()
