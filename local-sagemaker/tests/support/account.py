"""An account of a local AWS over HTTP, and what its tests make in it."""

import io
import itertools
import json
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from local_sagemaker import LocalSageMaker, Published
from local_sagemaker.clients import client

HANDLERS = (Path(__file__).parent / "handlers.py").read_text()
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
LETS_RULES_IN = {
    "Policy": json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": "*",
                }
            ],
        }
    )
}
_names = itertools.count(1)
T = TypeVar("T")


def unique(prefix: str) -> str:
    """A name that no other test of this process uses."""
    return f"{prefix}-{next(_names)}"


def zipped(source: str = HANDLERS) -> bytes:
    """A deployment package of one module, `handlers`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handlers.py", source)
    return buffer.getvalue()


def eventually(look: Callable[[], T], timeout_s: float = 60) -> T:
    """What `look` gives once it is truthy."""
    until = time.monotonic() + timeout_s
    while not (seen := look()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
    return seen


class Account:
    """boto3 clients over HTTP, and the few things that every test makes."""

    def __init__(self, aws: LocalSageMaker, published: list[Published]) -> None:
        self.aws = aws
        self.published = published
        names = ("s3", "sqs", "sns", "events", "iam", "cloudformation", "sagemaker", "dynamodb", "ecr", "cloudwatch")
        for name in names:
            setattr(self, name, client(name, aws.endpoint_url, aws.region))
        self.lambda_ = client("lambda", aws.endpoint_url, aws.region)
        self.role_arn = self.iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def queue(self, **attributes: str) -> tuple[str, str]:
        """A new queue's URL and ARN."""
        url = self.sqs.create_queue(QueueName=unique("queue"), Attributes={**LETS_RULES_IN, **attributes})["QueueUrl"]
        return url, self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def function(self, handler: str, code: bytes | None = None, **more: Any) -> dict[str, Any]:
        """A new function that runs `handlers.<handler>` and that rules may call."""
        made: dict[str, Any] = self.lambda_.create_function(
            Runtime="python3.11",
            Handler=f"handlers.{handler}",
            Code={"ZipFile": code or zipped()},
            **{"FunctionName": unique("function"), "Role": self.role_arn, "Timeout": 20, **more},
        )
        self.lambda_.add_permission(
            FunctionName=made["FunctionName"],
            StatementId="rules",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
        )
        return made

    def rule_to(self, arn: str, **rule: Any) -> str:
        """A new rule whose only target is `arn`."""
        name = unique("rule")
        self.events.put_rule(Name=name, **rule)
        self.events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
        return name

    def invoke(self, function: dict[str, Any], event: Any = None) -> tuple[Any, str | None]:
        """The answer, and the kind of error if there was one."""
        answer = self.lambda_.invoke(FunctionName=function["FunctionName"], Payload=json.dumps(event))
        return json.loads(answer["Payload"].read()), answer.get("FunctionError")

    def bodies(self, queue_url: str) -> list[Any]:
        """Takes what is in the queue now, as parsed JSON."""
        found = self.sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            self.sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in found]

    def log(self, function: dict[str, Any]) -> str:
        """What the function has written so far."""
        file = self.aws.home / "logs" / f"{function['FunctionName']}.log"
        return file.read_text() if file.exists() else ""


def most_at_a_time(log: str) -> int:
    """How many of the log's `began <time>` … `ended <time>` overlapped."""
    times = sorted((float(t), what) for what, t in re.findall(r"^(began|ended) ([\d.]+)$", log, re.MULTILINE))
    assert times, log
    running = most = 0
    for _, what in times:
        running += 1 if what == "began" else -1
        most = max(most, running)
    return most
