"""What must hold of every policy of the stack; each check gives its complaints about a template."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.support.infra.policy_documents import Statement, statements

WHOLE_ACCOUNT = {
    "sagemaker:ListHyperParameterTuningJobs": "listing knows no resource; it shows names and states only",
    "ecr:GetAuthorizationToken": "a registry login knows no resource",
    "cloudwatch:PutMetricData": "metrics know no resource; a condition holds it to SageMaker's namespace",
    "ec2:DescribeDhcpOptions": "EC2's descriptions know no resource; SageMaker reads them for a job in a VPC",
    "ec2:DescribeNetworkInterfaces": "as above",
    "ec2:DescribeSecurityGroups": "as above",
    "ec2:DescribeSubnets": "as above",
    "ec2:DescribeVpcs": "as above",
}
"""Actions for which AWS offers no resource, with the reason."""
CEILINGS = {"InstanceTypes", "MaxRuntimeInSeconds", "NetworkIsolation", "InterContainerTrafficEncryption"}
ARN_OPERATORS = ("ArnLike", "ArnEquals", "ArnLikeIfExists")
Template = Mapping[str, Any]


def wildcard_actions(template: Template) -> Iterator[str]:
    """No action is allowed by wildcard, nor by naming what is not allowed."""
    for one in allowing(template):
        yield from (f"{one.where} allows {action}" for action in one.actions if "*" in action)
        yield from (
            f"{one.where} has {name}" for name in ("NotAction", "NotResource", "NotPrincipal") if name in one.body
        )


def whole_account(template: Template) -> Iterator[str]:
    """Everything of an account is only given where AWS knows no resource, and no reason is left over."""
    wide = [one for one in allowing(template) if any(map(is_everything, one.resources))]
    given = {action: one.where for one in wide for action in one.actions}
    yield from (f"{where} allows {action} on all" for action, where in given.items() if action not in WHOLE_ACCOUNT)
    yield from (f"nothing allows {action} on all" for action in WHOLE_ACCOUNT if action not in given)


def passed_roles(template: Template) -> Iterator[str]:
    """The training role alone is passed, to SageMaker alone."""
    right = {
        "Action": ["iam:PassRole"],
        "Resource": {"Fn::GetAtt": ["TrainingRole", "Arn"]},
        "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    }
    for one in allowing(template, "role"):
        if "iam:PassRole" in one.actions and {key: one.body.get(key) for key in right} != right:
            yield f"{one.where} passes more than the training role to SageMaker"


def bought_jobs(template: Template) -> Iterator[str]:
    """Nothing is bought but tuning jobs under the stack's prefix and within its ceilings."""
    for one in allowing(template, "role"):
        for action in one.actions:
            if action.startswith("sagemaker:Create") and action.endswith(("Job", "Endpoint", "Instance", "App")):
                yield from (f"{one.where}: {wrong}" for wrong in _beyond_the_ceilings(one, action))


def _beyond_the_ceilings(one: Statement, action: str) -> Iterator[str]:
    if action != "sagemaker:CreateHyperParameterTuningJob":
        yield f"{action} is none of ours"
    if not all(json.dumps(arn).endswith(':hyper-parameter-tuning-job/${Prefix}-*"}') for arn in one.resources):
        yield "not under the prefix"
    missing = {f"sagemaker:{key}" for key in CEILINGS} - set(one.condition_keys())
    yield from (f"without {key}" for key in sorted(missing))
    if "sagemaker:InstanceTypes" not in one.condition_keys("Null"):
        yield "a job without instance types would meet ForAllValues"


def confused_deputies(template: Template) -> Iterator[str]:
    """A service comes in for this account, and for a source that is named."""
    account = {"Ref": "AWS::AccountId"}
    for one in allowing(template, "trust", "resource"):
        if "Service" in (one.body["Principal"] if isinstance(one.body.get("Principal"), dict) else {}):
            if one.condition_keys("StringEquals").get("aws:SourceAccount") != account:
                yield f"{one.where} lets a service in for any account"
            if "aws:SourceArn" not in one.condition_keys(*ARN_OPERATORS):
                yield f"{one.where} lets a service in for any source"
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Permission" and "SourceArn" not in resource["Properties"]:
            yield f"{name} lets a service in for any source"


def strangers(template: Template) -> Iterator[str]:
    """Nobody but services is let in."""
    for one in allowing(template, "trust", "resource"):
        principal = one.body.get("Principal")
        if not isinstance(principal, dict) or set(principal) != {"Service"}:
            yield f"{one.where} lets {principal} in"


def plain_text(template: Template) -> Iterator[str]:
    """The bucket, and every queue and topic, is reached over TLS only."""
    denying = [one for one in statements(template, "resource") if one.body["Effect"] == "Deny"]
    closed = {
        one.resource
        for one in denying
        if one.body.get("Principal") == "*" and one.body.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
    }
    having = {one.resource for one in statements(template, "resource")} | {"DataPolicy"}
    yield from (f"{name} lets plain text in" for name in sorted(having - closed))
    resources = template["Resources"]
    told = {one["Ref"] for name in having & resources.keys() for one in _policed(resources[name]["Properties"])}
    reached = {name for name, one in resources.items() if one["Type"] in ("AWS::SQS::Queue", "AWS::SNS::Topic")}
    yield from (f"{name} has no policy, and so lets plain text in" for name in sorted(reached - told))


def _policed(properties: Mapping[str, Any]) -> list[Mapping[str, str]]:
    return [*properties.get("Queues", ()), *properties.get("Topics", ())]


def foreign_policies(template: Template) -> Iterator[str]:
    """What a role may do stands in the role alone, within the boundary if there is one."""
    for name, resource in template["Resources"].items():
        if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
            yield f"{name} is a policy of its own: it races what needs it"
        if resource["Type"] == "AWS::IAM::Role" and "ManagedPolicyArns" in resource["Properties"]:
            yield f"{name} has policies of somebody else"
        if resource["Type"] == "AWS::IAM::Role" and "PermissionsBoundary" not in resource["Properties"]:
            yield f"{name} knows no boundary"


def allowing(template: Template, *policies: str) -> Iterator[Statement]:
    return (one for one in statements(template, *policies) if one.body["Effect"] == "Allow")


def is_everything(resource: Any) -> bool:
    """Whether an ARN leaves everything open after its account."""
    text = resource if isinstance(resource, str) else resource.get("Fn::Sub") if isinstance(resource, dict) else ""
    return isinstance(text, str) and (text == "*" or text.replace("AWS::", "").split(":", 5)[-1] == "*")


CHECKS: dict[str, Callable[[Template], Iterator[str]]] = {
    check.__name__: check
    for check in (
        wildcard_actions,
        whole_account,
        passed_roles,
        bought_jobs,
        confused_deputies,
        strangers,
        plain_text,
        foreign_policies,
    )
}
