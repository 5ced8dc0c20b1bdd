"""A local AWS with chaos: a rule's target meets it, and nobody else."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_sagemaker import Chaos, LocalSageMaker
from support.account import Account, eventually, unique


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """Each event comes twice, SageMaker's not at all."""
    chaos = Chaos(duplicate=1, delay=0, drop=1, reorder=0, seed=1)
    with LocalSageMaker(tmp_path_factory.mktemp("home"), chaos=chaos) as aws:
        yield Account(aws, [])


def watched_bucket(account: Account) -> str:
    bucket = unique("bucket")
    account.s3.create_bucket(Bucket=bucket)
    account.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    return bucket


def taken(account: Account, url: str, count: int) -> list[str]:
    """What the queue's first messages say, once they are so many."""
    found: list[dict[str, str]] = []

    def enough() -> bool:
        found.extend(account.bodies(url))
        return len(found) >= count

    eventually(enough)
    return [body["detail-type"] for body in found]


def test_an_objects_event_comes_twice(account: Account, tmp_path: Path) -> None:
    url, arn = account.queue()
    account.rule_to(arn, EventPattern='{"source": ["aws.s3", "aws.sagemaker", "my.own"]}')

    account.s3.put_object(Bucket=watched_bucket(account), Key="a", Body=b"1")

    assert taken(account, url, 2) == ["Object Created"] * 2


def test_sagemakers_events_may_all_be_lost_while_ones_own_come_as_they_are(account: Account) -> None:
    url, arn = account.queue()
    account.rule_to(arn, EventPattern='{"source": ["aws.sagemaker", "my.own", "aws.s3"]}')
    account.sagemaker.create_training_job(
        TrainingJobName=unique("training"),
        AlgorithmSpecification={"TrainingImage": "nobody/knows:1", "TrainingInputMode": "File"},
        RoleArn="arn:aws:iam::123456789012:role/training",
        OutputDataConfig={"S3OutputPath": "s3://nowhere/"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
    )

    account.events.put_events(Entries=[{"Source": "my.own", "DetailType": "mine", "Detail": "{}"}])
    account.s3.put_object(Bucket=watched_bucket(account), Key="a", Body=b"1")

    assert Counter(taken(account, url, 3)) == {"mine": 1, "Object Created": 2}
