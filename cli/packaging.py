"""From the source to a running stack, the same way here and on AWS: package, transform, create or update.

The SAM transform runs here and not in CloudFormation, so that the local AWS and AWS get the very same template.
The price: a release of the transform reaches a stack only with a release of Retune.
"""

import json
import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import boto3
from botocore.exceptions import ClientError
from samtranslator.metrics.metrics import DummyMetricsPublisher, Metrics
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from cli.artifacts import Artifacts
from cli.bundle import package
from cli.paths import ROOT, STATE
from cli.talk import ExitCode, Leave

MAX_INLINE_BYTES = 51_200
"""CloudFormation's limit for a template that comes in the request itself."""
MAX_TEMPLATE_BYTES = 1_048_576
"""Its limit for one that it fetches from S3."""


class NotDeployed(Leave):
    """CloudFormation refused the stack or could not make a resource; the message says which one and why."""

    def __init__(self, text: str):
        super().__init__(ExitCode.FAILED, text)


def deploy(client: Callable[[str], Any], stack: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Package the app and make the stack be so; its outputs. A second call on the same source changes nothing.

    `client` gives a boto3 client for a service's name. Parameters that are not given keep the values they have.
    Raises: NotPackaged; NotDeployed."""
    region = client("s3").meta.region_name
    packaged = package(ROOT, STATE / "packaged", region)
    artifacts = Artifacts.of(client, stack)
    artifacts.prepare()
    key = artifacts.put_package(packaged.zip_path)
    told = apply(client, stack, transform(packaged.template, artifacts.bucket, key, region), parameters)
    artifacts.supersede_all_but(key)
    return told


def transform(template: Mapping[str, Any], bucket: str, key: str, region: str) -> dict[str, Any]:
    """The SAM template as plain CloudFormation, its functions' code at `s3://bucket/key`."""
    sam = deepcopy(dict(template))
    for resource in sam["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    metrics = Metrics("retune", DummyMetricsPublisher())
    translator = Translator(None, Parser(), boto_session=boto3.Session(region_name=region), metrics=metrics)
    plain: dict[str, Any] = translator.translate(sam, parameter_values={}, get_managed_policy_map=dict)
    metrics.publish()  # to nobody; left unpublished they would be a warning on the terminal
    return plain


def apply(
    client: Callable[[str], Any],
    stack: str,
    template: Mapping[str, Any],
    parameters: Mapping[str, str],
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, str]:
    """Create the stack, or update the one there is; its outputs once it is done. Raises: NotDeployed."""
    cloudformation = client("cloudformation")
    wanted: dict[str, Any] = {"StackName": stack, "Capabilities": ["CAPABILITY_IAM"], **_sent(client, stack, template)}
    before = _settled(cloudformation, stack, sleep)
    values = _values(template.get("Parameters", {}), before, parameters)
    wanted["Parameters"] = [{"ParameterKey": name, "ParameterValue": values[name]} for name in sorted(values)]
    try:
        (cloudformation.update_stack if before else cloudformation.create_stack)(**wanted)
    except ClientError as error:
        reason = error.response["Error"]["Message"]
        if "No updates are to be performed" not in reason:
            raise NotDeployed(f"CloudFormation refuses the stack {stack}: {reason}") from error
    after = _settled(cloudformation, stack, sleep)
    if after is None or after["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise NotDeployed(_why(cloudformation, stack, after))
    return _outputs(after)


def _sent(client: Callable[[str], Any], stack: str, template: Mapping[str, Any]) -> dict[str, str]:
    """The template as the request takes it: itself or, where it is too long, where it lies in the artifact bucket."""
    body = json.dumps(template, separators=(",", ":"))
    size = len(body.encode())
    if size <= MAX_INLINE_BYTES:
        return {"TemplateBody": body}
    if size > MAX_TEMPLATE_BYTES:
        raise NotDeployed(f"The template has {size} bytes, CloudFormation takes {MAX_TEMPLATE_BYTES}.")
    artifacts = Artifacts.of(client, stack)
    artifacts.prepare()
    return {"TemplateURL": artifacts.put_template(body)}


def outputs(cloudformation: Any, stack: str) -> dict[str, str]:
    """The outputs of a stack that is there, by name."""
    return _outputs(cloudformation.describe_stacks(StackName=stack)["Stacks"][0])


def _values(declared: Mapping[str, Any], before: Mapping[str, Any] | None, given: Mapping[str, str]) -> dict[str, str]:
    """What was given, else what the stack has, else the default: all said, so that a repetition changes nothing."""
    had = {one["ParameterKey"]: one["ParameterValue"] for one in (before or {}).get("Parameters", [])}
    kept = {name: had.get(name, str(one["Default"])) for name, one in declared.items() if "Default" in one}
    return {**kept, **given}


def _outputs(described: Mapping[str, Any]) -> dict[str, str]:
    return {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}


def _settled(cloudformation: Any, stack: str, sleep: Callable[[float], None]) -> dict[str, Any] | None:
    """The stack once nothing is in progress on it; None when there is none."""
    pause_s = 0.1
    while (described := _described(cloudformation, stack)) is not None:
        if not described["StackStatus"].endswith("_IN_PROGRESS"):
            return described
        sleep(pause_s)
        pause_s = min(5.0, 1.5 * pause_s)
    return None


def _described(cloudformation: Any, stack: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise
    return found


def _why(cloudformation: Any, stack: str, described: Mapping[str, Any] | None) -> str:
    """The first resource that failed, which is the cause: what follows it was cancelled or rolled back."""
    status = described["StackStatus"] if described else "gone"
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"] if described else []
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return f"The stack {stack} is {status}."
    first = min(failed, key=lambda event: event["Timestamp"])
    reason = first.get("ResourceStatusReason", "CloudFormation gives no reason")
    return f"The stack {stack} is {status}: {first['LogicalResourceId']} ({first['ResourceType']}): {reason}"
