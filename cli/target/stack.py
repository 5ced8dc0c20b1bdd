"""Find a stack's parts through CloudFormation, the same way locally and on AWS."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.bucket import Bucket
from chalicelib.aws.ledger import Ledger
from chalicelib.aws.queue import Queue
from chalicelib.settings import Ceilings
from cli.console import ExitCode, Leave, say
from cli.target import running
from cli.target.choice import TargetChoice
from cli.target.target import Target, resolve

DEFAULT_NAME = "retune"


def stack_name(given: str | None = None) -> str:
    """Return the given name, else RETUNE_STACK, else "retune"."""
    return given or os.environ.get("RETUNE_STACK", DEFAULT_NAME)


class NoStack(Leave):
    """The target responds, but Retune is not deployed there."""

    def __init__(self, text: str):
        super().__init__(ExitCode.FAILED, text)


class RunsAlone(NoStack):
    """The target is the local AWS that is up, and it was started without Retune."""

    def __init__(self, target: Target):
        fix = "stop it with `./retune down`, then run `./retune up` without --only-aws"
        super().__init__(f"The local AWS at {target.endpoint_url} runs without Retune: {fix}.")


@dataclass(frozen=True)
class Stack:
    """The outputs of one deployed stack, and the clients to reach its parts."""

    target: Target
    name: str
    bucket_name: str
    table: str
    topic_arn: str
    queue_url: str
    training_role_arn: str
    image_repository: str
    prefix: str
    parameters: Mapping[str, str]

    @property
    def ceilings(self) -> Ceilings:
        """The limits that no tuning spec can exceed."""
        cost = self.parameters.get("MaxCostUsd", "")
        return Ceilings(
            max_jobs=int(self.parameters["MaxJobs"]),
            max_parallel_jobs=int(self.parameters["MaxParallelJobs"]),
            max_runtime_s=int(self.parameters["MaxRuntimeSeconds"]),
            instance_types=tuple(name.strip() for name in self.parameters["InstanceTypes"].split(",")),
            max_cost_usd=float(cost) if cost else None,
        )

    @cached_property
    def bucket(self) -> Bucket:
        return Bucket(self.target.client("s3"), self.bucket_name)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.target.client("dynamodb"), self.table)

    @cached_property
    def queue(self) -> Queue:
        return Queue(self.target.client("sqs"), self.queue_url)

    @cached_property
    def sagemaker(self) -> Any:
        return self.target.client("sagemaker")


def find_stack(target: Target, name: str | None = None) -> Stack:
    """Find a stack, by default `stack_name()`. Raises: NoStack."""
    name = stack_name(name)
    try:
        found = target.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ValidationError":
            if any(up.is_alone and up.is_at(target.endpoint_url or "") for up in running.every()):
                raise RunsAlone(target) from error
            raise NoStack(f"There is no stack named {name} at {target}; `./retune deploy` creates it.") from error
        raise
    outputs = {output["OutputKey"]: str(output["OutputValue"]) for output in found.get("Outputs", [])}
    return Stack(
        target=target,
        name=name,
        bucket_name=outputs["Bucket"],
        table=outputs["Table"],
        topic_arn=outputs["TopicArn"],
        queue_url=outputs["QueueUrl"],
        training_role_arn=outputs["TrainingRoleArn"],
        image_repository=outputs["ImageRepository"],
        prefix=outputs["Prefix"],
        parameters={one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", [])},
    )


def announced(choice: TargetChoice) -> Stack:
    """Print the target, then return its stack."""
    target = resolve(choice)
    say(f"Target: {target}", style="dim")
    return find_stack(target)
