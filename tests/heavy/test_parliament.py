"""Every policy of the stack as parliament reads it, AWS's table of actions, resources and condition keys in hand; and
that table beside the local AWS's own.

It knows no trust policies: they are shown to it with the role that they belong to as the resource."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.iam import s3 as s3_asks
from local_sagemaker.iam import sagemaker as sagemaker_asks
from local_sagemaker.iam.permissions import Call, of_call, of_request
from local_sagemaker.iam.policy import Permission
from local_sagemaker.iam.sessions import Signature
from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import Client, surroundings
from tests.support.infra.policy_documents import documents
from tests.support.infra.resolved import resolved
from tests.support.infra.stack_variants import VARIANTS, stack
from unit.iam.test_permissions import DEFINITION

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(1500)]
PARLIAMENT = Client("parliament", "parliament==1.6.4 setuptools==80.10.2")  # it imports what later setuptools lack
SCRIPT = ROOT / "tests" / "support" / "heavy" / "stories" / "parliament_findings.py"
ACCEPTED = {
    (
        "RESOURCE_MISMATCH",
        "ec2:CreateNetworkInterface",
    ): "three statements, one for each kind of resource that it needs",
    ("RESOURCE_MISMATCH", "codestar-connections:GetConnection"): "a connection's ARN may have the older service's name",
    ("RESOURCE_MISMATCH", "codestar-connections:GetConnectionToken"): "as above",
}
"""(Finding, action) that is right as it is, with the reason."""
NEWER = {"sagemaker:DeleteProcessingJob"}
"""Actions of operations in botocore's model that are younger than parliament's table."""
ROLE = "arn:aws:iam::123456789012:role/its-own"
RIGHT = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::data/*"}
FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("UNKNOWN_ACTION", {"Action": ["s3:GetObjects"]}),
    ("UNKNOWN_PREFIX", {"Action": ["s4:GetObject"]}),
    ("RESOURCE_MISMATCH", {"Resource": "arn:aws:s3:::data"}),
    ("RESOURCE_MISMATCH", {"Resource": "arn:aws:sqs:eu-west-1:123456789012:data/key"}),
    ("INVALID_ARN", {"Resource": "data/*"}),
    ("UNKNOWN_CONDITION_FOR_ACTION", {"Condition": {"StringEquals": {"s3:prefix": "a"}}}),
    ("MISMATCHED_TYPE", {"Condition": {"NumericEquals": {"aws:SecureTransport": "1"}}}),
    ("UNKNOWN_OPERATOR", {"Condition": {"StringEqual": {"s3:ExistingObjectTag/a": "b"}}}),
    ("MALFORMED", {"Effect": "Permit"}),
]
Find = Callable[[list[Mapping[str, Any]]], list[set[tuple[str, str]]]]


@pytest.fixture(scope="module")
def find(tmp_path_factory: pytest.TempPathFactory) -> Find:
    """What is found in each of these policies."""

    def find(policies: list[Mapping[str, Any]]) -> list[set[tuple[str, str]]]:
        home: Path = tmp_path_factory.mktemp("parliament")
        command = [PARLIAMENT.install() / "bin" / "python", SCRIPT]
        done = subprocess.run(
            command,
            input=json.dumps(policies),
            env=surroundings(home),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return [{(issue, action) for issue, action in found} for found in json.loads(done.stdout)]

    return find


def test_nothing_is_found_but_what_is_right_as_it_is_and_each_reason_is_needed(
    find: Find, plain: dict[str, Any]
) -> None:
    shown = [(variant, policy) for variant in VARIANTS for policy in policies(plain, variant)]

    found = find([policy for _, policy in shown])

    assert [
        (variant, one - set(ACCEPTED)) for (variant, _), one in zip(shown, found, strict=True) if one - set(ACCEPTED)
    ] == []
    assert set().union(*found) == set(ACCEPTED)


def test_faults_put_in_on_purpose_are_found(find: Find) -> None:
    right, *found = find([policy(RIGHT), *(policy({**RIGHT, **change}) for _, change in FAULTS)])

    assert right == set()
    for (finding, change), those in zip(FAULTS, found, strict=True):
        assert finding in {issue for issue, _ in those}, change


def test_whatever_the_local_aws_asks_for_is_in_awss_table(find: Find) -> None:
    asked = list(everything_asked())

    found = find([permission(one) for one in asked])

    unknown = {(one.action, issue) for one, those in zip(asked, found, strict=True) for issue, _ in those}
    assert unknown == {(action, "UNKNOWN_ACTION") for action in NEWER}


def policies(plain: Mapping[str, Any], variant: str) -> Iterator[Mapping[str, Any]]:
    """Those of the stack that the variant makes."""
    resources = stack(plain, variant)
    for _, kind, document in documents({"Resources": resources}):
        whole = resolved(document, resources)
        yield (
            whole
            if kind != "trust"
            else {**whole, "Statement": [{**one, "Resource": ROLE} for one in whole["Statement"]]}
        )


def policy(statement: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}


def permission(asked: Permission) -> dict[str, Any]:
    """A policy that allows this very thing, and knows every condition key of the call."""
    condition = {"Null": dict.fromkeys(asked.context, "false")} if asked.context else {}
    return policy({"Effect": "Allow", "Action": asked.action, "Resource": asked.resource, "Condition": condition})


def everything_asked() -> Iterator[Permission]:
    """Every permission that the local AWS's tables know, asked for by some call."""
    signed = Signature("ASIA", "eu-west-1", "s3")
    copied = {"HTTP_X_AMZ_COPY_SOURCE": "b/k", "HTTP_X_AMZ_TAGGING": "a=b", "HTTP_X_AMZ_ACL": "private"}
    for table, path in ((s3_asks._OF_OBJECTS, "/bucket/key"), (s3_asks._OF_BUCKETS, "/bucket")):
        for method, subresource in table:
            for version in ("", "&versionId=1" if path.endswith("key") else "&prefix=p"):
                environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": subresource + version, **copied}
                yield from of_request(environ, b"", signed, "123456789012")
    kinds = ("HyperParameterTuningJob", "ModelPackageGroup", "ProcessingJob", "TrainingJob")
    names = {f"{kind}Name": "a" for kind in kinds}
    job = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/a"
    given = {**names, "TrainingJobDefinition": DEFINITION, "Tags": [{"Key": "k", "Value": "v"}], "ResourceArn": job}
    for operation in sagemaker_asks.OPERATIONS:
        yield from of_call(Call("sagemaker", operation, given), signed, "123456789012")
