"""The environment as a typed value."""

import pytest

from chalicelib.settings import Placement, Settings, SettingsError

ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "RETUNE_STACK": "retune",
    "RETUNE_PREFIX": "retune",
    "RETUNE_BUCKET": "data",
    "RETUNE_TABLE": "ledger",
    "RETUNE_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:topic",
    "RETUNE_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/uploads",
    "RETUNE_TRAINING_ROLE_ARN": "arn:aws:iam::123456789012:role/training",
    "RETUNE_IMAGE_REPOSITORY": "mars",
    "RETUNE_SETTLE_S": "60",
    "RETUNE_MAX_JOBS": "100",
    "RETUNE_MAX_PARALLEL_JOBS": "10",
    "RETUNE_MAX_RUNTIME_S": "86400",
    "RETUNE_MAX_OPEN_JOBS": "10",
    "RETUNE_INSTANCE_TYPES": "ml.m5.large, ml.m5.xlarge",
    "RETUNE_MAX_COST_USD": "",
}


def test_a_whole_environment_gives_typed_settings() -> None:
    settings = Settings.from_environment(ENVIRONMENT)

    assert settings.settle_s == 60.0
    assert settings.ceilings.instance_types == ("ml.m5.large", "ml.m5.xlarge")
    assert settings.ceilings.max_cost_usd is None


def test_a_stack_without_key_and_network_has_none_and_trains_on_demand() -> None:
    empty = {"RETUNE_KMS_KEY_ARN": "", "RETUNE_SUBNET_IDS": "", "RETUNE_SECURITY_GROUP_IDS": "", "RETUNE_SPOT": "false"}

    for environment in (ENVIRONMENT, ENVIRONMENT | empty):
        settings = Settings.from_environment(environment)
        assert settings.placement == Placement(ENVIRONMENT["RETUNE_TRAINING_ROLE_ARN"])
        assert settings.spot is False


def test_a_key_and_a_network_are_where_training_jobs_run() -> None:
    given = {
        "RETUNE_KMS_KEY_ARN": "arn:aws:kms:us-east-1:123456789012:key/1",
        "RETUNE_SUBNET_IDS": "subnet-1,subnet-2",
        "RETUNE_SECURITY_GROUP_IDS": "sg-1",
        "RETUNE_SPOT": "true",
    }

    settings = Settings.from_environment(ENVIRONMENT | given)

    role_arn = ENVIRONMENT["RETUNE_TRAINING_ROLE_ARN"]
    assert settings.placement == Placement(role_arn, given["RETUNE_KMS_KEY_ARN"], ("subnet-1", "subnet-2"), ("sg-1",))
    assert settings.spot is True


def test_everything_that_is_missing_or_no_number_is_named_at_once() -> None:
    broken = {**ENVIRONMENT, "RETUNE_SETTLE_S": "soon"}
    del broken["RETUNE_BUCKET"]

    with pytest.raises(SettingsError, match=r"RETUNE_BUCKET.*RETUNE_SETTLE_S"):
        Settings.from_environment(broken)
