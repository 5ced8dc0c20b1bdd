"""What SageMaker and CodeBuild need of the roles that they take, by AWS's own pages: that and nothing else is allowed.

No run here can show it: the local SageMaker takes no role, and nothing here builds images as CodeBuild does."""

from typing import Any

import pytest

from tests.support.infra.stack_variants import VARIANTS, stack, statements

TRAINING = {
    "cloudwatch:PutMetricData",
    *(f"logs:{action}" for action in ("CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents")),
    *("s3:GetObject", "s3:ListBucket", "s3:PutObject"),
    *(
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
    ),
    "s3:AbortMultipartUpload",  # AmazonS3/latest/userguide/mpuoverview.html: models are put by parts
}
"""docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (tuning jobs); the last line is ours."""
IN_A_NETWORK = {
    *(f"ec2:{verb}NetworkInterface{what}" for verb in ("Create", "Delete") for what in ("", "Permission")),
    *(f"ec2:Describe{what}" for what in ("DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs")),
}
"""The same page, for a private VPC."""
UNDER_A_KEY = {"kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:DescribeKey", "kms:GenerateDataKey"}
"""The same page, for input, output and volumes; the last two S3's guide asks of who puts under a key
(UsingKMSEncryption.html)."""
PUSHING = {
    *(f"ecr:{action}" for action in ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")),
    *(f"ecr:{action}" for action in ("CompleteLayerUpload", "InitiateLayerUpload", "PutImage", "UploadLayerPart")),
    *("ecr:GetAuthorizationToken", "ecr:DescribeImages", "ecr:DescribeRepositories"),
}
"""docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html; the last line is what our own scripts ask."""
BUILDING = {"logs:CreateLogStream", "logs:PutLogEvents", *PUSHING}
"""docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html; the log group is the stack's, and there
are neither artifacts nor reports."""
FROM_S3 = {"s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion"}
BY_CONNECTION = {
    f"{service}:{action}"
    for service in ("codeconnections", "codestar-connections")
    for action in ("GetConnection", "GetConnectionToken")
}
"""docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html"""


@pytest.mark.parametrize(
    ("variant", "more"),
    [
        ("nothing said", set()),
        ("all kept", set()),
        ("network", IN_A_NETWORK),
        ("customer key", UNDER_A_KEY),
        ("everything", IN_A_NETWORK | UNDER_A_KEY),
    ],
)
def test_training_jobs_may_what_sagemaker_needs(plain: dict[str, Any], variant: str, more: set[str]) -> None:
    assert allowed(plain, variant, "TrainingRole") == TRAINING | more


@pytest.mark.parametrize(
    ("variant", "more"),
    [
        ("build from GitHub", set()),
        ("build from S3", FROM_S3),
        ("build by connection", BY_CONNECTION),
        ("build on push", BY_CONNECTION),
    ],
)
def test_builds_may_what_codebuild_and_our_scripts_need(plain: dict[str, Any], variant: str, more: set[str]) -> None:
    assert allowed(plain, variant, "BuildRole") == BUILDING | more


def test_without_builds_nobody_builds(plain: dict[str, Any]) -> None:
    assert "BuildRole" not in stack(plain, "nothing said")


def allowed(plain: dict[str, Any], variant: str, role: str) -> set[str]:
    assert variant in VARIANTS
    return {action for name, one in statements(stack(plain, variant)) if name == role for action in one["Action"]}
