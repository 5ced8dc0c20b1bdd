"""The writes of a deployment, in an order in which each may be the last: the next deployment goes on from there."""

from collections.abc import Callable, Mapping
from typing import Any

from cli.deploy.apply import Show, apply, quietly, waited
from cli.deploy.inputs import Prepared, prepared, source

Client = Callable[[str], Any]


def deploy(client: Client, stack: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Package the app and make the stack be so; its outputs. A second call on the same source changes nothing.

    `client` gives a boto3 client for a service's name. Parameters that are not given keep the values they have.
    Raises: Leave: what is wrong, and the fix."""
    waited(client("cloudformation"), stack, quietly)
    return make(client, stack, prepared(client, stack, source(client, stack, parameters), parameters))


def make(client: Client, stack: str, wanted: Prepared, show: Show = quietly) -> dict[str, str]:
    """Put the package where CloudFormation finds it, create or update the stack, and let EventBridge hear of an
    existing bucket; the outputs. Raises: NotDeployed; NotOurBucket; UnusableBucket."""
    artifacts = wanted.source.artifacts
    artifacts.prepare()
    artifacts.put_package(wanted.source.zip_path)
    told = apply(client, stack, wanted.source.template, wanted.values, show)
    if wanted.switch:
        wanted.switch.turn_on(client("s3"))
    artifacts.supersede_all_but(wanted.source.package_key)
    return told
