"""A program that changes a local AWS as fast as it can, and says what was acknowledged: `write_until_killed.py HOME`.

The clients are threads of the same process: what it prints after an answer was given, whoever killed it has read.
"""

import os
import sys
from itertools import count
from pathlib import Path
from threading import Thread

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client

TABLE = {
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def say(kind: str, number: int) -> None:
    os.write(1, f"{kind} {number}\n".encode())


def write(aws: LocalSageMaker, kind: str) -> None:
    of = client(kind, aws.endpoint_url, aws.region)
    for number in count():
        name = f"{number:05d}"
        if kind == "s3":
            of.put_object(Bucket="data", Key=name, Body=name.encode() * 1000)
        elif kind == "dynamodb":
            of.put_item(TableName="ledger", Item={"pk": {"S": name}})
        else:
            of.send_message(QueueUrl=f"{aws.endpoint_url}/{aws.account}/q", MessageBody=name)
        say(kind, number)


with LocalSageMaker(Path(sys.argv[1])) as aws:
    client("s3", aws.endpoint_url, aws.region).create_bucket(Bucket="data")
    client("dynamodb", aws.endpoint_url, aws.region).create_table(TableName="ledger", **TABLE)
    client("sqs", aws.endpoint_url, aws.region).create_queue(QueueName="q")
    threads = [Thread(target=write, args=(aws, kind)) for kind in ("s3", "dynamodb", "sqs")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
