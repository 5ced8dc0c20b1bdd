"""A stack's status, what it means for a deployment, and the way out of each dead end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from botocore.exceptions import ClientError

Client = Callable[[str], Any]


class Way(Enum):
    """How a deployment proceeds from a status."""

    CREATE = "create"
    UPDATE = "update"
    WAIT = "wait"
    DELETE_FIRST = "delete the failed attempt, then create"
    ROLL_BACK_FIRST = "finish the rollback, then update"
    STUCK = "a person must see to it"


_WAYS = {
    "ROLLBACK_COMPLETE": Way.DELETE_FIRST,
    "ROLLBACK_FAILED": Way.DELETE_FIRST,
    "CREATE_FAILED": Way.DELETE_FIRST,
    "UPDATE_ROLLBACK_FAILED": Way.ROLL_BACK_FIRST,
    "DELETE_COMPLETE": Way.CREATE,
    "DELETE_FAILED": Way.STUCK,
    "REVIEW_IN_PROGRESS": Way.STUCK,
    "UPDATE_FAILED": Way.STUCK,
}
_WORDS = {
    "ROLLBACK_COMPLETE": "Its first creation failed and was rolled back; CloudFormation can only delete such a stack.",
    "ROLLBACK_FAILED": "Its first creation failed, and so did its rollback; it must be deleted before another attempt.",
    "CREATE_FAILED": "Its first creation failed; it must be deleted before another attempt.",
    "UPDATE_ROLLBACK_FAILED": "An update failed, and so did its rollback; CloudFormation must first finish that.",
    "DELETE_FAILED": "It was deleted only in part. `./retune destroy` tries again and names what blocks it.",
    "REVIEW_IN_PROGRESS": (
        "A change set was created for it but not executed; it has no resources yet."
        " Execute or delete that change set, or remove the empty stack with `./retune destroy`."
    ),
    "UPDATE_FAILED": (
        "An update failed with rollback turned off. Roll it back in the CloudFormation console,"
        " or with: aws cloudformation rollback-stack --stack-name {name}"
    ),
}


@dataclass(frozen=True)
class StackState:
    """A stack as CloudFormation describes it; `id` is None if there is none."""

    name: str
    status: str
    id: str | None
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]

    @property
    def way(self) -> Way:
        if self.status in _WAYS:
            return _WAYS[self.status]
        return Way.WAIT if self.status.endswith("_IN_PROGRESS") else Way.UPDATE

    @property
    def is_new(self) -> bool:
        """Whether a deployment will create it."""
        return self.way in (Way.CREATE, Way.DELETE_FIRST)

    @property
    def words(self) -> str:
        """The problem and what happens next; empty if there is none."""
        return _WORDS.get(self.status, "").format(name=self.name)


class WatchedStack:
    """One stack on its way to being deployed or deleted, with its state as last seen.

    `client` gives a boto3 client for a service's name. Code that waits for the stack or changes it calls `reload`."""

    def __init__(self, client: Client, name: str):
        self.client = client
        self.name = name
        self._seen: StackState | None = None

    @property
    def cloudformation(self) -> Any:
        return self.client("cloudformation")

    @property
    def state(self) -> StackState:
        """As last seen; the first use looks."""
        return self._seen or self.reload()

    def reload(self) -> StackState:
        """Look now."""
        self._seen = state_of(self.cloudformation, self.name)
        return self._seen


def state_of(cloudformation: Any, name: str) -> StackState:
    """Describe the stack. `name` may be its id, which finds it even after its deletion."""
    try:
        described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return StackState(name, "DELETE_COMPLETE", None, {}, {})
        raise
    return StackState(
        described["StackName"],
        described["StackStatus"],
        described["StackId"],
        {one["ParameterKey"]: str(one.get("ParameterValue", "")) for one in described.get("Parameters", [])},
        {one["OutputKey"]: str(one["OutputValue"]) for one in described.get("Outputs", [])},
    )
