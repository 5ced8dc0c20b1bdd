"""A role, and a function that calls AWS as that role."""

import json
from typing import Any

from support.account import TRUST, Account, unique, zipped

CALLS = """
import boto3, botocore.exceptions

def call(event, context):
    print("called")
    if "service" not in event:
        return None
    try:
        getattr(boto3.client(event["service"]), event["method"])(**event["arguments"])
    except botocore.exceptions.ClientError as error:
        return [error.response["Error"]["Code"], error.response["Error"]["Message"]]
"""


class Role:
    """A role, and a function that makes any one call as that role."""

    def __init__(self, account: Account) -> None:
        self.account, self.name = account, unique("role")
        made = account.iam.create_role(RoleName=self.name, AssumeRolePolicyDocument=json.dumps(TRUST))
        self.function = account.function("call", zipped(CALLS), Role=made["Role"]["Arn"])

    def may(self, *statements: dict[str, Any]) -> None:
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        self.account.iam.put_role_policy(RoleName=self.name, PolicyName="own", PolicyDocument=document)

    def refusal(self, service: str, method: str, **arguments: Any) -> list[str] | None:
        """The error's code and message; None: it was done."""
        event = {"service": service, "method": method, "arguments": arguments}
        answer, failed = self.account.invoke(self.function, event)
        assert failed is None, answer
        return answer

    @property
    def arn(self) -> str:
        return f"arn:aws:sts::123456789012:assumed-role/{self.name}/{self.function['FunctionName']}"


def allow(action: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}
