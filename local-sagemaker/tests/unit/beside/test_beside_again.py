"""Starting, resetting and restarting a SageMaker beside another emulator, which may itself fail or lack services."""

import json
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker import LocalSageMaker, UnreadableHome, UnusableEmulator
from local_sagemaker.beside.forward import Forward
from local_sagemaker.http_server import HttpServer, listen
from local_sagemaker.iam.sessions import signature
from support.beside.world import BUCKET, TRAINING_JOBS, BesideWorld, beside


class Without:
    """A WSGI application: an emulator that lacks these services, in front of one that has them."""

    def __init__(self, url: str, *services: str) -> None:
        self._forward = Forward(url, "without")
        self._services = services

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        signed = signature(environ)
        if signed and signed.service in self._services:
            start_response("501 Not Implemented", [("Content-Length", "0")])
            return []
        return self._forward(environ, start_response)


@pytest.fixture
def poor_url(moto_url: str) -> Iterator[str]:
    """The URL of an emulator without CloudWatch."""
    listener = listen(0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = HttpServer(listener, Without(moto_url, "logs", "monitoring"))
    yield url
    server.stop()


def fresh(world: BesideWorld) -> None:
    """Make the other emulator's S3 as the tuning job needs it, however often."""
    if BUCKET not in [one["Name"] for one in world.there("s3").list_buckets()["Buckets"]]:
        world.upload()


def reset(world: BesideWorld) -> dict[str, Any]:
    request = urllib.request.Request(f"{world.aws.endpoint_url}/moto-api/reset", method="POST")
    with urllib.request.urlopen(request) as answer:
        return dict(json.loads(answer.read()))


def test_logs_and_metrics_that_the_other_lacks_are_here(poor_url: str, tmp_path: Path) -> None:
    with beside(poor_url, tmp_path) as world:
        fresh(world)
        best = world.tune("iris")["BestTrainingJob"]["TrainingJobName"]

        assert world.logged(world.here("logs"), best)[0] == "rows=3"
        found = world.here("cloudwatch").list_metrics(Namespace=TRAINING_JOBS)["Metrics"]
        assert len([metric for metric in found if metric["MetricName"] == "mse"]) == 2
        assert [line[:30] for line in world.aws.notices[1:]] == [
            "It has no CloudWatch Logs (An ", "It has no CloudWatch (An error",
        ]  # fmt: skip


def test_jobs_logs_and_packages_are_there_after_a_restart(poor_url: str, tmp_path: Path) -> None:
    with beside(poor_url, tmp_path) as world:
        fresh(world)
        best = world.tune("iris")["BestTrainingJob"]["TrainingJobName"]
        world.here("sagemaker").create_model_package_group(ModelPackageGroupName="g")

    with beside(poor_url, tmp_path) as world:
        jobs = world.here("sagemaker").list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"]
        groups = world.here("sagemaker").list_model_package_groups()["ModelPackageGroupSummaryList"]
        assert [job["HyperParameterTuningJobName"] for job in jobs] == ["iris"]
        assert [group["ModelPackageGroupName"] for group in groups] == ["g"]
        assert world.logged(world.here("logs"), best)[0] == "rows=3"


def test_a_reset_empties_sagemaker_alone_and_says_so(moto_url: str, tmp_path: Path) -> None:
    with beside(moto_url, tmp_path) as world:
        fresh(world)
        world.serve("echo")

        answer = reset(world)

        assert answer == {"status": "ok", "reset": f"SageMaker alone; {moto_url} keeps what it holds"}
        assert world.here("sagemaker").list_endpoints()["Endpoints"] == []
        assert BUCKET in [one["Name"] for one in world.here("s3").list_buckets()["Buckets"]]
        world.serve("echo")
        assert world.invoke("echo", b"again") == b"AGAIN"


def test_a_home_is_not_shared_with_a_whole_local_aws(moto_url: str, tmp_path: Path) -> None:
    with beside(moto_url, tmp_path):
        pass

    with pytest.raises(UnreadableHome, match="holds a SageMaker beside account 123456789012, not a whole local AWS"):
        LocalSageMaker(tmp_path / "home").start()


def test_without_the_other_emulator_it_does_not_start_and_leaves_room_for_the_next(
    moto_url: str, tmp_path: Path
) -> None:
    with listen(0) as unused:
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}"

    with pytest.raises(UnusableEmulator, match=f"{nobody} does not answer"), beside(nobody, tmp_path):
        pass

    with beside(moto_url, tmp_path) as world:
        assert world.aws.endpoint_url


def test_what_watches_services_of_the_other_emulator_cannot_be_given(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot watch the topics and roles of another emulator"):
        LocalSageMaker(tmp_path, beside="http://127.0.0.1:4566", on_published=lambda _: None)
