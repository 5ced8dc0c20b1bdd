"""All that a deployment needs to know before it writes anything: the package, the template, the parameters, and
what is there already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.deploy import bucket_events, orphaned_logs, retained_resources
from cli.deploy.apply import NotDeployed
from cli.deploy.artifacts import Artifacts
from cli.deploy.bundle import ARCHITECTURES, package
from cli.deploy.parameters import WrongParameters, values_for
from cli.deploy.sam import transform
from cli.deploy.stack_state import StackState, Way, state_of
from cli.paths import ROOT, STATE

Client = Callable[[str], Any]


@dataclass(frozen=True)
class PackagedApp:
    """The app, packaged, as it goes to one account and region."""

    artifacts: Artifacts
    zip_path: Path
    package_key: str
    template: Mapping[str, Any]


@dataclass(frozen=True)
class Prepared:
    """`found` are parameters that take over what an earlier stack left; `switch` is about an existing bucket;
    `orphaned_logs` are log groups in the new stack's way, which are deleted first."""

    source: PackagedApp
    state: StackState
    values: Mapping[str, str]
    found: Mapping[str, str]
    switch: bucket_events.Switch | None
    orphaned_logs: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether the stack will be created."""
        return self.state.way in (Way.CREATE, Way.DELETE_FIRST)


def source(client: Client, stack: str, given: Mapping[str, str]) -> PackagedApp:
    """Package what is in the working tree now, for the architecture that its functions will have; nothing is
    uploaded. Raises: NotPackaged; WrongParameters: there is no such architecture."""
    had = state_of(client("cloudformation"), stack).parameters
    architecture = {**had, **given}.get("Architecture", ARCHITECTURES[0])
    if architecture not in ARCHITECTURES:
        raise WrongParameters([f"--set Architecture={architecture}: must be one of {', '.join(ARCHITECTURES)}."])
    artifacts = Artifacts.of(client, stack)
    region = artifacts.s3.meta.region_name
    packaged = package(ROOT, STATE / "packaged", region, architecture)
    key = artifacts.package_key(packaged.zip_path)
    return PackagedApp(artifacts, packaged.zip_path, key, transform(packaged.template, artifacts.bucket, key, region))


def prepared(client: Client, stack: str, app: PackagedApp, given: Mapping[str, str]) -> Prepared:
    """Reads only. Raises: NotDeployed: a dead end; WrongParameters; SeveralKept; PrefixTaken;
    LogGroupTaken; UnusableBucket."""
    state = state_of(client("cloudformation"), stack)
    if state.way is Way.STUCK:
        raise NotDeployed(f"The stack {stack} is {state.status}. {state.words}")
    declared = app.template.get("Parameters", {})
    is_new = state.way in (Way.CREATE, Way.DELETE_FIRST)
    left = retained_resources.found(client, stack) if is_new and "ExistingBucket" in declared else {}
    found = {name: value for name, value in left.items() if name in declared and name not in given}
    values = values_for(declared, state.parameters, {**given, **found})
    if is_new and values.get("ExistingImageRepository") == "":
        retained_resources.must_be_free(client, values["Prefix"])
    late = orphaned_logs.found(client, stack, app.template) if state.way is Way.CREATE else ()
    return Prepared(app, state, values, found, _switch(client("s3"), values, app.artifacts.account), late)


def _switch(s3: Any, values: Mapping[str, str], account: str) -> bucket_events.Switch | None:
    bucket = values.get("ExistingBucket")
    if not bucket:
        return None
    bucket_events.must_be_usable(s3, bucket, account)
    return bucket_events.look(s3, bucket, account)
