"""Stacks with a model, its config and its endpoint."""

import json
from typing import Any

from support.account import Account, eventually, unique

ROLE = "arn:aws:iam::123456789012:role/hosting"
IMAGES = "123456789012.dkr.ecr.us-east-1.amazonaws.com"


def template(image: str = "echo", weight: Any = 1, **model: Any) -> dict[str, Any]:
    variant = {
        "VariantName": "all",
        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
        "InitialInstanceCount": "1",
        "InstanceType": "ml.m5.large",
        "InitialVariantWeight": weight,
    }
    container = {"Image": f"{IMAGES}/{image}:1"}
    return {
        "Resources": {
            "Endpoint": {
                "Type": "AWS::SageMaker::Endpoint",
                "Properties": {"EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}},
            },
            "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": [variant]}},
            "Model": {
                "Type": "AWS::SageMaker::Model",
                "Properties": {"ExecutionRoleArn": ROLE, "PrimaryContainer": container, **model},
            },
        },
        "Outputs": {
            "Endpoint": {"Value": {"Fn::GetAtt": ["Endpoint", "EndpointName"]}},
            "Config": {"Value": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}},
            "Model": {"Value": {"Fn::GetAtt": ["Model", "ModelName"]}},
            "ModelArn": {"Value": {"Ref": "Model"}},
        },
    }


def create(account: Account, body: dict[str, Any]) -> str:
    """The name of a new stack, once it has succeeded or failed."""
    stack = unique("stack")
    account.cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(body))
    ended(account, stack)
    return stack


def update(account: Account, stack: str, body: dict[str, Any]) -> None:
    account.cloudformation.update_stack(StackName=stack, TemplateBody=json.dumps(body))
    ended(account, stack)


def ended(account: Account, stack: str) -> None:
    eventually(lambda: not status(account, stack).endswith("IN_PROGRESS"))


def status(account: Account, stack: str) -> str:
    [found] = account.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return str(found["StackStatus"])


def outputs(account: Account, stack: str) -> dict[str, str]:
    [found] = account.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in found["Outputs"]}


def reasons(account: Account, stack: str) -> str:
    events = account.cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    return " ".join(event.get("ResourceStatusReason", "") for event in events)
