"""Where training jobs run, as SageMaker's request says it."""

from typing import Any

import pytest

from chalicelib.settings import Placement, has_instance_storage
from support.botocore_validation import faults
from tests.support.contract.requests import FOLDER, a_request

ROLE = "arn:aws:iam::123456789012:role/retune-training"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CONFINED = Placement(ROLE, KEY, ("subnet-1a", "subnet-2b"), ("sg-1a",))


def definition(placement: Placement, case: str = "classic") -> dict[str, Any]:
    found: dict[str, Any] = a_request(case, placement=placement)["TrainingJobDefinition"]
    return found


def test_the_key_is_for_the_volume_and_for_the_models() -> None:
    asked = definition(CONFINED)

    assert asked["ResourceConfig"]["VolumeKmsKeyId"] == KEY
    assert asked["OutputDataConfig"] == {"S3OutputPath": f"{FOLDER}/output/", "KmsKeyId": KEY}


def test_training_jobs_run_in_the_subnets_and_stay_isolated_there() -> None:
    asked = definition(CONFINED)

    assert asked["VpcConfig"] == {"SecurityGroupIds": ["sg-1a"], "Subnets": ["subnet-1a", "subnet-2b"]}
    assert asked["EnableNetworkIsolation"] is True


def test_without_a_key_and_a_network_the_request_says_nothing_of_them() -> None:
    asked = definition(Placement(ROLE))

    assert "VpcConfig" not in asked
    assert "VolumeKmsKeyId" not in asked["ResourceConfig"]
    assert set(asked["OutputDataConfig"]) == {"S3OutputPath"}


@pytest.mark.parametrize("case", ["classic", "spot", "all"])
def test_the_model_accepts_a_confined_job(case: str) -> None:
    assert faults(a_request(case, placement=CONFINED)) == []


# EC2's user guide, "Instance store volumes": which instance types have them.
DISKS = (
    *("m5d.large", "r5d.24xlarge", "g4dn.xlarge", "g5.xlarge", "g6e.4xlarge", "p3dn.24xlarge", "p4d.24xlarge"),
    *("p4de.24xlarge", "p5.48xlarge", "p5en.48xlarge", "p6-b200.48xlarge", "trn1.2xlarge", "trn2.48xlarge"),
)
NO_DISKS = (
    *("m4.xlarge", "m5.large", "c5.xlarge", "c5n.18xlarge", "m6i.large", "m7i-flex.large", "c8i.96xlarge"),
    *("r7i.large", "t3.medium", "p2.xlarge", "p3.2xlarge"),
)


@pytest.mark.parametrize("name", DISKS)
def test_a_disk_of_the_instances_own_takes_no_key(name: str) -> None:
    assert has_instance_storage(f"ml.{name}")
    assert CONFINED.volume(f"ml.{name}") == {}


@pytest.mark.parametrize("name", NO_DISKS)
def test_an_ordinary_volume_takes_the_key(name: str) -> None:
    assert not has_instance_storage(f"ml.{name}")
    assert CONFINED.volume(f"ml.{name}") == {"VolumeKmsKeyId": KEY}
