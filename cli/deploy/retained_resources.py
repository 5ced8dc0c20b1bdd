"""What an earlier stack of the same name left on purpose: its bucket, its ledger, its image repository.

They carry its name in a tag. A new stack that is told of them goes on with their data.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from cli.console import ExitCode, Leave

TAG = "retune:stack"
PARAMETERS = {"s3": "ExistingBucket", "dynamodb": "ExistingTable", "ecr": "ExistingImageRepository"}
"""The parameter that takes what is kept, by the service that keeps it."""
_SUFFIX = "-mars"
"""What the template puts behind the prefix to name a repository of its own."""
Client = Callable[[str], Any]


class SeveralKept(Leave):
    """More than one of a kind was left; a person must say which the new stack goes on with."""

    def __init__(self, stack: str, parameter: str, names: list[str]):
        choices = " or ".join(f"--set {parameter}={name}" for name in sorted(names))
        super().__init__(ExitCode.FAILED, f"Earlier stacks named {stack} left several: say {choices}.")


class PrefixTaken(Leave):
    """Names would clash; the message says how to get others, or to share on purpose."""

    def __init__(self, prefix: str):
        repository = f"{prefix}{_SUFFIX}"
        super().__init__(
            ExitCode.FAILED,
            f"There is an image repository {repository} already, another stack's or left by one: say --set Prefix=…"
            f" for other names, or --set ExistingImageRepository={repository} to go on with its images.",
        )


@dataclass(frozen=True, order=True)
class Tagged:
    """A resource with the stack's tag. `service` and `name` are parts of its ARN."""

    arn: str

    @property
    def service(self) -> str:
        return self.arn.split(":")[2]

    @property
    def name(self) -> str:
        return self.arn.split(":", 5)[5].removeprefix("table/").removeprefix("repository/")


def tagged(client: Client, stack: str) -> list[Tagged]:
    """All that carries the stack's tag; of what stacks keep only what is really there: the index that answers here
    still names for a while what was deleted. New resources are in it within seconds, as a rule."""
    index = client("resourcegroupstaggingapi").get_paginator("get_resources")
    pages = index.paginate(TagFilters=[{"Key": TAG, "Values": [stack]}])
    named = [Tagged(one["ResourceARN"]) for page in pages for one in page["ResourceTagMappingList"]]
    return sorted(one for one in named if is_there(client, one))


def found(client: Client, stack: str) -> dict[str, str]:
    """The parameters by which a new stack takes over what an earlier one left, and goes on with its names.

    Raises: SeveralKept."""
    names: dict[str, list[str]] = defaultdict(list)
    for one in tagged(client, stack):
        if (parameter := parameter_of(one)) is not None:
            names[parameter].append(one.name)
    for parameter, several in names.items():
        if len(several) > 1:
            raise SeveralKept(stack, parameter, several)
    taken = {parameter: name for parameter, [name] in names.items()}
    prefix, suffix, _ = taken.get("ExistingImageRepository", "").partition(_SUFFIX)
    return {**taken, **({"Prefix": prefix} if suffix else {})}


def must_be_free(client: Client, prefix: str) -> None:
    """Raises: PrefixTaken: another stack's repository has the name that the new stack's would have."""
    if is_there(client, Tagged(f"arn:aws:ecr:::repository/{prefix}{_SUFFIX}")):
        raise PrefixTaken(prefix)


def parameter_of(one: Tagged) -> str | None:
    """The parameter that takes it; None for what is no bucket, table or repository."""
    is_whole = one.service == "ecr" or "/" not in one.name  # a repository may have folders, a table an index
    return PARAMETERS.get(one.service) if is_whole else None


def is_there(client: Client, one: Tagged) -> bool:
    """Whether it exists; True for kinds that are not kept, of which nobody needs to know."""
    asked: Mapping[str, tuple[str, dict[str, Any]]] = {
        "s3": ("head_bucket", {"Bucket": one.name}),
        "dynamodb": ("describe_table", {"TableName": one.name}),
        "ecr": ("describe_repositories", {"repositoryNames": [one.name]}),
    }
    if one.service not in asked or parameter_of(one) is None:
        return True
    operation, words = asked[one.service]
    try:
        answer = getattr(client(one.service), operation)(**words)
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return False
        raise
    return bool(answer.get("Table", {}).get("TableStatus") != "DELETING")


_ABSENT = ("404", "NoSuchBucket", "ResourceNotFoundException", "RepositoryNotFoundException")
