"""The role of training jobs: there, SageMaker's to take, and allowed what a training job does."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import layout
from chalicelib.aws.faults import code_of
from cli.doctor.finding import Finding
from cli.target.stack import Stack
from cli.target.target import Target

NAME = "training role"
FIX = ("put it back as the template says", "./retune deploy")


def training_role(target: Target, stack: Stack) -> Iterator[Finding]:
    """AWS's own policy simulator says what it may."""
    iam, arn = target.client("iam"), stack.training_role_arn
    try:
        role = iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]
    except ClientError as error:
        if code_of(error) != "NoSuchEntity":
            raise
        yield Finding(NAME, False, f"{arn} is gone", *FIX)
        return
    if not _trusts_sagemaker(role["AssumeRolePolicyDocument"]):
        yield Finding(NAME, False, f"{role['RoleName']} does not trust sagemaker.amazonaws.com", *FIX)
        return
    denied = [action for action, resource in _needed(stack) if not _may(iam, arn, action, resource)]
    what = f"{role['RoleName']} may not {', '.join(denied)}" if denied else f"{role['RoleName']} may do its work"
    yield Finding(NAME, not denied, what, *FIX)


def _needed(stack: Stack) -> Iterator[tuple[str, str]]:
    """What a training job does that its role allows without conditions, which a simulator cannot know."""
    _, partition, _, _, account, _ = stack.training_role_arn.split(":", 5)
    region = stack.topic_arn.split(":")[3]
    here = f"{region}:{account}"
    bucket = f"arn:{partition}:s3:::{stack.bucket_name}/{layout.job('dataset', 'job')}"
    yield "s3:GetObject", f"{bucket}data/train/00001.csv"
    yield "s3:PutObject", f"{bucket}output/job/output/model.tar.gz"
    yield "ecr:BatchGetImage", f"arn:{partition}:ecr:{here}:repository/{stack.image_repository}"
    yield "logs:PutLogEvents", f"arn:{partition}:logs:{here}:log-group:/aws/sagemaker/TrainingJobs:log-stream:job/algo"


def _may(iam: Any, role_arn: str, action: str, resource: str) -> bool:
    asked = iam.simulate_principal_policy(PolicySourceArn=role_arn, ActionNames=[action], ResourceArns=[resource])
    return all(one["EvalDecision"] == "allowed" for one in asked["EvaluationResults"])


def _trusts_sagemaker(policy: Any) -> bool:
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    return any(_lets_sagemaker_in(one) for one in statements)


def _lets_sagemaker_in(statement: Any) -> bool:
    services = statement.get("Principal", {}).get("Service", [])
    services = [services] if isinstance(services, str) else services
    actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
    return statement["Effect"] == "Allow" and "sagemaker.amazonaws.com" in services and "sts:AssumeRole" in actions
