"""Resources that an earlier stack of the same name retained: its bucket, its ledger, its image repository.

They carry its name in a tag. A new stack reuses them, with their data, when parameters name them.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from cli.console import ExitCode, Leave

TAG = "retune:stack"
PARAMETERS = {"s3": "ExistingBucket", "dynamodb": "ExistingTable", "ecr": "ExistingImageRepository"}
"""The parameter that takes the retained resource, by service."""
_SUFFIX = "-mars"
"""What the template appends to the prefix to name its own repository."""
Client = Callable[[str], Any]


class SeveralKept(Leave):
    """More than one of a kind was retained; the user must choose which one the new stack reuses."""

    def __init__(self, stack: str, parameter: str, names: list[str]):
        choices = " or ".join(f"--set {parameter}={name}" for name in sorted(names))
        super().__init__(ExitCode.FAILED, f"Earlier stacks named {stack} left more than one: pass {choices}.")


class PrefixTaken(Leave):
    """Names would clash; the message says how to get others, or to share on purpose."""

    def __init__(self, prefix: str):
        repository = f"{prefix}{_SUFFIX}"
        super().__init__(
            ExitCode.FAILED,
            f"The image repository {repository} already exists, from another or an earlier stack: pass --set Prefix=…"
            f" for other names, or --set ExistingImageRepository={repository} to reuse its images.",
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
    """List everything with the stack's tag. Buckets, tables and repositories are checked to exist, because the tagging
    index lists deleted resources for a while. New ones are usually in it within seconds."""
    index = client("resourcegroupstaggingapi").get_paginator("get_resources")
    pages = index.paginate(TagFilters=[{"Key": TAG, "Values": [stack]}])
    named = [Tagged(one["ResourceARN"]) for page in pages for one in page["ResourceTagMappingList"]]
    return sorted(one for one in named if is_there(client, one))


def found(client: Client, stack: str) -> dict[str, str]:
    """Return the parameters with which a new stack reuses an earlier one's resources and names.

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
    """Raises: PrefixTaken: the new stack's repository name is already taken."""
    if is_there(client, Tagged(f"arn:aws:ecr:::repository/{prefix}{_SUFFIX}")):
        raise PrefixTaken(prefix)


def parameter_of(one: Tagged) -> str | None:
    """Return the parameter that takes it; None if it is not a bucket, table or repository."""
    is_whole = one.service == "ecr" or "/" not in one.name  # a repository may have folders, a table an index
    return PARAMETERS.get(one.service) if is_whole else None


def is_there(client: Client, one: Tagged) -> bool:
    """Whether it exists; True without asking for kinds that are never reused."""
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
