"""The writes of a deployment, ordered so that it may stop after each: the next deployment resumes from there."""

from collections.abc import Mapping

from cli.deploy.apply import Show, apply, quietly, waited
from cli.deploy.inputs import Prepared, prepared, source
from cli.deploy.stack_state import Client, WatchedStack


def deploy(client: Client, stack: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Package the app, create or update the stack, and return its outputs. A second call on the same source changes
    nothing.

    `client` returns a boto3 client for a service name. Parameters that are not given keep their values.
    Raises: Leave: what is wrong, and the fix."""
    watched = WatchedStack(client, stack)
    waited(watched, quietly)
    return make(watched, prepared(watched, source(watched, parameters), parameters))


def make(stack: WatchedStack, wanted: Prepared, show: Show = quietly) -> dict[str, str]:
    """Upload the package, create or update the stack, turn on EventBridge for an existing bucket, and return the
    outputs. Raises: NotDeployed; NotOurBucket; UnusableBucket."""
    artifacts = wanted.source.artifacts
    artifacts.prepare()
    artifacts.put_package(wanted.source.zip_path)
    outputs = apply(stack, wanted.source.template, wanted.values, show)
    if wanted.switch:
        wanted.switch.turn_on(stack.client("s3"))
    artifacts.supersede_all_but(wanted.source.package_key)
    return outputs
