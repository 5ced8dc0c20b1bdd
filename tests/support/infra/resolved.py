"""What references between a stack's resources come to: names and ARNs of a made-up account."""

import re
from collections.abc import Mapping
from typing import Any

from tests.support.infra.stack_variants import ACCOUNT

WHERE = f"us-east-1:{ACCOUNT}"
ARNS = {
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/{{}}",
    "AWS::S3::Bucket": "arn:aws:s3:::{}",
    "AWS::SQS::Queue": f"arn:aws:sqs:{WHERE}:{{}}",
    "AWS::SNS::Topic": f"arn:aws:sns:{WHERE}:{{}}",
    "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{WHERE}:table/{{}}",
    "AWS::ECR::Repository": f"arn:aws:ecr:{WHERE}:repository/{{}}",
    "AWS::Events::Rule": f"arn:aws:events:{WHERE}:rule/{{}}",
    "AWS::Lambda::Function": f"arn:aws:lambda:{WHERE}:function:{{}}",
}


def resolved(value: Any, resources: Mapping[str, Any]) -> Any:
    """The value with nothing in it that CloudFormation would have to fill in."""
    if isinstance(value, list):
        return [resolved(one, resources) for one in value]
    if not isinstance(value, dict):
        return value
    match list(value.items()):
        case [("Ref", name)]:
            return _arn(name, resources) if resources[name]["Type"] == "AWS::SNS::Topic" else name.lower()
        case [("Fn::GetAtt", [name, "Arn"])]:
            return _arn(name, resources)
        case [("Fn::Sub", str(text))]:
            return re.sub(r"\$\{(\w+)(\.Arn)?\}", lambda found: _in_text(found, resources), text)
        case [("Fn::Sub", [text, given])]:
            for name, one in given.items():
                text = text.replace(f"${{{name}}}", resolved(one, resources))
            return resolved({"Fn::Sub": text}, resources)
        case [("Fn::Select", [number, values])]:
            return resolved(values, resources)[int(number)]
    return {key: resolved(one, resources) for key, one in value.items()}


def _arn(name: str, resources: Mapping[str, Any]) -> str:
    return ARNS[resources[name]["Type"]].format(name.lower())


def _in_text(found: re.Match[str], resources: Mapping[str, Any]) -> str:
    return _arn(found[1], resources) if found[2] else str(resolved({"Ref": found[1]}, resources))
