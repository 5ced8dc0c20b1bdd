"""The writes of a deployment, ordered so that it may stop after each: the next deployment resumes from there."""

from collections.abc import Callable, Mapping
from typing import Any

from cli.deploy.apply import Show, apply, quietly, waited
from cli.deploy.inputs import Prepared, prepared, source

Client = Callable[[str], Any]


def deploy(client: Client, stack: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Package the app, create or update the stack, and return its outputs. A second call on the same source changes
    nothing.

    `client` returns a boto3 client for a service name. Parameters that are not given keep their values.
    Raises: Leave: what is wrong, and the fix."""
    waited(client("cloudformation"), stack, quietly)
    return make(client, stack, prepared(client, stack, source(client, stack, parameters), parameters))


def make(client: Client, stack: str, wanted: Prepared, show: Show = quietly) -> dict[str, str]:
    """Upload the package, create or update the stack, turn on EventBridge for an existing bucket, and return the
    outputs. Raises: NotDeployed; NotOurBucket; UnusableBucket."""
    artifacts = wanted.source.artifacts
    artifacts.prepare()
    artifacts.put_package(wanted.source.zip_path)
    outputs = apply(client, stack, wanted.source.template, wanted.values, show)
    if wanted.switch:
        wanted.switch.turn_on(client("s3"))
    artifacts.supersede_all_but(wanted.source.package_key)
    return outputs
