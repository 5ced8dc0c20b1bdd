"""What a deployment needs before it writes anything: the package, the template, the parameters, and the current
state."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.deploy import bucket_events, orphaned_logs, retained_resources
from cli.deploy.apply import NotDeployed
from cli.deploy.artifacts import Artifacts
from cli.deploy.bundle import ARCHITECTURES, package
from cli.deploy.parameters import WrongParameters, values_for
from cli.deploy.sam import transform
from cli.deploy.stack_state import StackState, WatchedStack, Way
from cli.paths import ROOT, STATE


@dataclass(frozen=True)
class PackagedApp:
    """The app, packaged for one account and region."""

    artifacts: Artifacts
    zip_path: Path
    package_key: str
    template: Mapping[str, Any]


@dataclass(frozen=True)
class Prepared:
    """`found` are parameters that reuse an earlier stack's resources; `switch` belongs to an existing bucket;
    `orphaned_logs` are log groups in the new stack's way, which are deleted first."""

    source: PackagedApp
    state: StackState
    values: Mapping[str, str]
    found: Mapping[str, str]
    switch: bucket_events.Switch | None
    orphaned_logs: tuple[str, ...] = ()


def source(stack: WatchedStack, given: Mapping[str, str]) -> PackagedApp:
    """Package the working tree for the architecture of its functions; upload nothing. Raises: NotPackaged;
    WrongParameters: there is no such architecture."""
    architecture = {**stack.state.parameters, **given}.get("Architecture", ARCHITECTURES[0])
    if architecture not in ARCHITECTURES:
        raise WrongParameters([f"--set Architecture={architecture}: must be one of {', '.join(ARCHITECTURES)}."])
    artifacts = Artifacts.of(stack.client, stack.name)
    region = artifacts.s3.meta.region_name
    packaged = package(ROOT, STATE / "packaged", region, architecture)
    key = artifacts.package_key(packaged.zip_path)
    return PackagedApp(artifacts, packaged.zip_path, key, transform(packaged.template, artifacts.bucket, key, region))


def prepared(stack: WatchedStack, app: PackagedApp, given: Mapping[str, str]) -> Prepared:
    """Read only. Raises: NotDeployed: a dead end; WrongParameters; SeveralKept; PrefixTaken; LogGroupTaken;
    UnusableBucket."""
    client, state = stack.client, stack.state
    if state.way is Way.STUCK:
        raise NotDeployed(f"The stack {stack.name} is {state.status}. {state.words}")
    declared = app.template.get("Parameters", {})
    left = retained_resources.found(client, stack.name) if state.is_new and "ExistingBucket" in declared else {}
    found = {name: value for name, value in left.items() if name in declared and name not in given}
    values = values_for(declared, state.parameters, {**given, **found})
    if state.is_new and values.get("ExistingImageRepository") == "":
        retained_resources.must_be_free(client, values["Prefix"])
    late = orphaned_logs.found(client, stack.name, app.template) if state.way is Way.CREATE else ()
    return Prepared(app, state, values, found, _switch(client("s3"), values, app.artifacts.account), late)


def _switch(s3: Any, values: Mapping[str, str], account: str) -> bucket_events.Switch | None:
    bucket = values.get("ExistingBucket")
    if not bucket:
        return None
    bucket_events.must_be_usable(s3, bucket, account)
    return bucket_events.look(s3, bucket, account)
