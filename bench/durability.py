"""Measure the cost of durability: one client, one request at a time, medians in milliseconds.

.retune/venv/bin/python -m bench.durability               the local AWS, with and without durability

"Forgets" is the same server without its commits. Each call is measured in an empty account, and again with 2,000
objects, items and messages in it: only changes are written, so the cost must not grow with the amount of data.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.machine import this_machine
from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from local_sagemaker.durability.keeper import Keeper

TABLE = {
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200, help="number of each kind")
    parser.add_argument("--there", type=int, default=2000, help="objects, items and messages for the second round")
    arguments = parser.parse_args()
    print(this_machine())
    print(f"{'':24}{'forgets':>10}{'keeps':>10}{'costs':>10}")
    without, kept = (measured(arguments.calls, arguments.there, forgets) for forgets in (True, False))
    for name, forgetting in without.items():
        print(f"{name:24}{forgetting:>8.2f}ms{kept[name]:>8.2f}ms{kept[name] - forgetting:>8.2f}ms")


def measured(calls: int, there: int, forgets: bool) -> dict[str, float]:
    """Return the median of each call, in an empty account and in a full one."""
    with tempfile.TemporaryDirectory() as home, forgetting(forgets), LocalSageMaker(Path(home)) as aws:
        what = Account(aws)
        empty = {name: median_ms(call, calls) for name, call in what.calls().items()}
        what.fill(there)
        full = {f"{name}, full": median_ms(call, calls) for name, call in what.calls().items()}
        return {**empty, **full}


@contextmanager
def forgetting(is_wanted: bool) -> Iterator[None]:
    """Skip all commits and drop the recorded changes."""
    original = Keeper._commit

    def dropped(keeper: Keeper) -> None:
        for part in keeper._parts:
            part.__dict__.update({name: type(part.__dict__[name])() for name in ("_changed",) if name in vars(part)})

    if is_wanted:
        Keeper._commit = dropped  # type: ignore[method-assign]
    try:
        yield
    finally:
        Keeper._commit = original  # type: ignore[method-assign]


class Account:
    """A bucket, a table and a queue."""

    def __init__(self, aws: LocalSageMaker) -> None:
        self.s3, self.dynamodb, self.sqs = (
            client(name, aws.endpoint_url, aws.region) for name in ("s3", "dynamodb", "sqs")
        )
        self.s3.create_bucket(Bucket="data")
        self.dynamodb.create_table(TableName="ledger", **TABLE)
        self.url = self.sqs.create_queue(QueueName="q")["QueueUrl"]

    def calls(self) -> dict[str, Callable[[int], Any]]:
        return {
            "PutObject": lambda n: self.s3.put_object(Bucket="data", Key=f"new/{n}", Body=b"x" * 1000),
            "PutItem": lambda n: self.dynamodb.put_item(TableName="ledger", Item={"pk": {"S": f"new {n}"}}),
            "SendMessage": lambda n: self.sqs.send_message(QueueUrl=self.url, MessageBody=f"new {n}"),
            "PutBucketTagging": lambda n: self.s3.put_bucket_tagging(
                Bucket="data", Tagging={"TagSet": [{"Key": "n", "Value": str(n)}]}
            ),
        }

    def fill(self, number: int) -> None:
        for start in range(0, number, 10):
            entries = [{"Id": str(n), "MessageBody": f"{n}"} for n in range(start, start + 10)]
            self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
        for n in range(number):
            self.s3.put_object(Bucket="data", Key=f"there/{n}", Body=b"x" * 1000)
            self.dynamodb.put_item(TableName="ledger", Item={"pk": {"S": f"there {n}"}})


def median_ms(call: Callable[[int], Any], times: int) -> float:
    taken = []
    for number in range(times):
        started = time.perf_counter()
        call(number)
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


if __name__ == "__main__":
    main()
