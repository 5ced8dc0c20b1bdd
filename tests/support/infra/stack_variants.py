"""Stacks as CloudFormation has them once it has put the parameters in: one for each way of each switch."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cli.deploy.template import resources_of

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CONNECTION = f"arn:aws:codeconnections:us-east-1:{ACCOUNT}:connection/1234abcd-12ab-34cd-56ef-1234567890ab"
GITHUB = {"BuildSource": "https://github.com/example/retune"}
NETWORK = {
    "SubnetIds": ",".join(f"subnet-{number:017x}" for number in range(16)),
    "SecurityGroupIds": ",".join(f"sg-{number:017x}" for number in range(5)),
}
KEPT = {"ExistingBucket": "kept-data", "ExistingTable": "kept-ledger", "ExistingImageRepository": "kept/mars"}

VARIANTS: dict[str, dict[str, str]] = {
    "nothing said": {},
    "existing bucket": {"ExistingBucket": "kept-data"},
    "existing table": {"ExistingTable": "kept-ledger"},
    "existing repository": {"ExistingImageRepository": "kept/mars"},
    "all kept": KEPT,
    "e-mail": {"NotificationEmail": "somebody@example.com"},
    "customer key": {"KmsKeyArn": KEY},
    "network": NETWORK,
    "boundary": {"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/bounds"},
    "build from GitHub": GITHUB,
    "build by connection": {**GITHUB, "BuildConnectionArn": CONNECTION},
    "build on push": {**GITHUB, "BuildConnectionArn": CONNECTION, "BuildOnPush": "true"},
    "build from S3": {"BuildSourceType": "S3", "BuildSource": "sources/retune.zip"},
    "arm64 on spot": {"Architecture": "arm64", "Spot": "true"},
    "everything": {
        **KEPT, **NETWORK, **GITHUB, "KmsKeyArn": KEY, "BuildConnectionArn": CONNECTION, "BuildOnPush": "true",
        "NotificationEmail": "somebody@example.com", "PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/bounds",
    },
}  # fmt: skip
PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "retune",
    "AWS::StackId": f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/retune/1",
}


def stack(template: Mapping[str, Any], variant: str) -> dict[str, Any]:
    """The resources that the stack then has, by logical id; references between them are left as they are, and numbers
    and booleans are texts."""
    there = resources_of(template, VARIANTS[variant] | PSEUDO, {})
    return {name: {key: part for key, part in one.items() if key != "Condition"} for name, one in there.items()}


def outputs(template: Mapping[str, Any], variant: str) -> dict[str, Any]:
    """The outputs that it then has."""
    return stack({**template, "Resources": template["Outputs"]}, variant)


def references(value: Any) -> Iterator[str]:
    """The logical id of everything that `value` refers to, pseudo parameters left out."""
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "Ref":
                yield inner
            elif name == "Fn::GetAtt":
                yield inner[0] if isinstance(inner, list) else inner.split(".")[0]
            elif name == "Fn::Sub":
                yield from _in_text(inner)
            else:
                yield from references(inner)


def _in_text(sub: Any) -> Iterator[str]:
    text, given = (sub, {}) if isinstance(sub, str) else sub
    yield from references(given)
    names = (found.split(".")[0] for found in re.findall(r"\$\{([^!}]+)\}", text))
    yield from (name for name in names if name not in given and not name.startswith("AWS::"))


def statements(resources: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each statement of each role's policies, with the role's name."""
    for name, resource in resources.items():
        for policy in resource["Properties"].get("Policies", ()) if resource["Type"] == "AWS::IAM::Role" else ():
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement
