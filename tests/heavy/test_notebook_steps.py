"""The classic notebook's steps with the values that `up` prints, typed in as they are: image, role and bucket.

The user names no job, model or endpoint: the SDKs derive their names, most of them from the image's URI.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.heavy.alone import Alone
from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import SDK_V2, SDK_V3, Client

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(900)]
SEPALS = pytest.approx([5.1, 4.9, 4.7], abs=0.5)
"""The first three flowers of iris: their lengths in cm, to be predicted."""


def printed(aws: Alone) -> dict[str, str]:
    """What `up --json` prints, and the flowers. Without Retune it prints no bucket: any name will do."""
    return {
        "data": str(ROOT / "examples" / "iris.csv"),
        "image": aws.ready["image_uri"],
        "role": aws.ready["training_role_arn"],
        "bucket": aws.ready.get("bucket", "notebook-steps"),
    }


def told(aws: Alone, sdk: Client) -> dict[str, Any]:
    """What the notebook of that SDK saw, with the variables of `./retune env`."""
    story = {SDK_V2: "sdk_v2/notebook_steps.py", SDK_V3: "sdk_v3/notebook_steps.py"}[sdk]
    return aws.hear(sdk, story, printed(aws))


@pytest.fixture(scope="module")
def v2_alone(alone: Alone) -> dict[str, Any]:
    return told(alone, SDK_V2)


@pytest.fixture(scope="module")
def v2_deployed(deployed: Alone) -> dict[str, Any]:
    return told(deployed, SDK_V2)


@pytest.fixture(scope="module")
def v3_alone(alone: Alone) -> dict[str, Any]:
    return told(alone, SDK_V3)


@pytest.fixture(scope="module")
def v3_deployed(deployed: Alone) -> dict[str, Any]:
    return told(deployed, SDK_V3)


@pytest.fixture(params=["v2_alone", "v2_deployed", "v3_alone", "v3_deployed"])
def seen(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """What each SDK saw with what each kind of `up` printed."""
    yield request.getfixturevalue(request.param)


def test_the_sdks_name_jobs_after_the_image_that_up_prints(seen: dict[str, Any]) -> None:
    """Both images are called `retune-mars`."""
    assert re.fullmatch(r"retune-mars-[a-z\d-]+", seen["trained"]["name"])
    assert re.fullmatch(r"retune-mars-\d{6}-\d{4}", seen["tuned"]["name"])


def test_the_best_training_job_is_one_of_the_tuners(seen: dict[str, Any]) -> None:
    assert seen["tuned"]["best"].startswith(seen["tuned"]["name"])


def test_the_best_model_predicts_behind_an_endpoint(seen: dict[str, Any]) -> None:
    assert seen["best"]["predictions"] == SEPALS


def test_a_batch_transform_predicts_what_the_endpoint_does(seen: dict[str, Any]) -> None:
    assert seen["transformed"]["predictions"] == pytest.approx(seen["best"]["predictions"])


@pytest.mark.parametrize("up", ["v2_alone", "v2_deployed"])
def test_an_estimator_is_deployed_without_a_tuner(up: str, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue(up)["hosted"]["predictions"] == SEPALS


def test_models_are_in_the_bucket_that_up_prints(v2_deployed: dict[str, Any], deployed: Alone) -> None:
    assert v2_deployed["trained"]["model_data"].startswith(f"s3://{deployed.ready['bucket']}/retune-mars-")


def test_version_3_accepts_the_role_of_up_only_aws(v3_alone: dict[str, Any]) -> None:
    assert v3_alone["refused"] is None


def test_version_3_refuses_the_stacks_own_role_until_the_check_is_off(
    v3_deployed: dict[str, Any], deployed: Alone
) -> None:
    assert deployed.ready["training_role_arn"] in v3_deployed["refused"]
    assert "Missing permissions: cloudwatch:PutMetricData, ec2:CreateNetworkInterface" in v3_deployed["refused"]
    assert v3_deployed["trained"]["status"] == "Completed"
