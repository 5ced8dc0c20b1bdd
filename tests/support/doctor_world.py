"""An AWS account for the doctor: clients that answer what they were given, and refuse as AWS does."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from cli.target.stack import Stack

STACK = "retune"
ROLE = "arn:aws:iam::123456789012:role/retune-TrainingRole-1"


def refusal(code: str, message: str = "", operation: str = "Look") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class Service:
    """A client of one service: a call answers `answers[operation]`, or raises it, or what it returns for the words."""

    def __init__(self, **answers: Any):
        self.answers = answers

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        answer = self.answers[operation]

        def call(**words: Any) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer(**words) if callable(answer) else answer

        return call

    def get_paginator(self, operation: str) -> "Pages":
        return Pages(getattr(self, operation))


class Pages:
    """One page for a dictionary, as many as there are for a list."""

    def __init__(self, call: Callable[..., Any]):
        self._call = call
        self.given = 0

    def paginate(self, **words: Any) -> Iterator[Any]:
        answer = self._call(**words)
        yield from answer if isinstance(answer, list) else [answer]


class Account:
    """The real AWS, by what its services answer."""

    endpoint_url = None
    region = "eu-west-1"
    is_here = False

    def __init__(self, **services: Service):
        self.services = services

    def client(self, name: str) -> Service:
        return self.services[name.replace("-", "_")]

    def __str__(self) -> str:
        return "AWS account 123456789012 in eu-west-1"


class Here(Account):
    """A local AWS."""

    endpoint_url = "http://127.0.0.1:4566"
    is_here = True


def stack_of(account: Account, **parameters: str) -> Stack:
    usual = {
        "MaxJobs": "100",
        "MaxParallelJobs": "10",
        "MaxRuntimeSeconds": "86400",
        "InstanceTypes": "ml.m5.large,ml.c5.xlarge",
        "MaxCostUsd": "50",
        "SweepMinutes": "15",
    }
    return Stack(
        target=account,  # type: ignore[arg-type]
        name=STACK,
        bucket_name="data",
        table="ledger",
        topic_arn="arn:aws:sns:eu-west-1:123456789012:retune",
        queue_url="https://sqs/uploads",
        training_role_arn=ROLE,
        image_repository="retune-mars",
        prefix="retune",
        parameters={**usual, **parameters},
    )
