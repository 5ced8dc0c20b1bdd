"""`image push`: push a training image without CodeBuild, by the steps of buildspec.yml: build, test, push, verify.

An image that does not train and serve is not pushed. The local AWS's ECR has no layers: it gets the manifest that
represents the folder `container/`, as from `up`.
"""

import subprocess
import sys
from base64 import b64decode
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.faults import code_of
from chalicelib.aws.images import Images
from cli.console import ExitCode, Leave, say
from cli.image import engine
from cli.image.build import build_by, works
from cli.image.engine import Engine
from cli.local import image
from cli.paths import CONTAINER, ROOT
from cli.target.choice import TargetChoice
from cli.target.stack import Stack, find_stack
from cli.target.target import resolve

CODEBUILD = "or let CodeBuild build it: ./retune deploy --set BuildSource=…"


def push(base: str | None, choice: TargetChoice) -> ExitCode:
    """Push an image and write its URI, by digest, to stdout. Raises: Leave."""
    stack = find_stack(resolve(choice))
    say(f"Pushing to {stack.image_repository} of the stack {stack.name}: {stack.target}", style="dim")
    if stack.target.is_here:
        uri = image.publish(stack.target.client("ecr"), stack.image_repository, CONTAINER)
    else:
        uri = build_and_push(stack, _engine(), new_tag(), base)
    say("Pushed. The next tuning job uses it, unless another image is pinned: ./retune doctor", style="green")
    sys.stdout.write(f"{uri}\n")
    return ExitCode.DONE


def build_and_push(stack: Stack, by: Engine, tag: str, base: str | None) -> str:
    """Return the URI by digest. Raises: Leave: it cannot be built, does not work, or arrives with a wrong manifest."""
    ecr = stack.target.client("ecr")
    uri = _repository_uri(ecr, stack)
    name = f"{uri}:{tag}"
    build_by(by, name, debug=False, base=base)
    if not works(by, name, sys.stderr):
        raise Leave(ExitCode.FAILED, f"{name} failed its test and was not pushed: see the line above")
    _log_in(by, ecr, uri.partition("/")[0])
    if not by.push(name):
        raise Leave(ExitCode.FAILED, f"{by.name} could not push {name}: see its last lines above")
    return f"{uri}@{_arrived(ecr, stack.image_repository, tag)}"


def new_tag() -> str:
    """Make a tag as a build does: the time in UTC, sortable, then a hash of the source."""
    made = subprocess.run([ROOT / "infra/image/tag"], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Leave(ExitCode.FAILED, f"infra/image/tag could not make a tag: {made.stderr.strip()}")
    return made.stdout.strip()


def _engine() -> Engine:
    """Find an engine that can also run what it built."""
    try:
        return engine.runner()
    except Leave as left:
        raise Leave(left.code, f"{left}, {CODEBUILD}") from left


def _repository_uri(ecr: Any, stack: Stack) -> str:
    try:
        return Images(ecr, stack.image_repository).repository_uri()
    except ClientError as error:
        if code_of(error) != "RepositoryNotFoundException":
            raise
        lost = f"The stack {stack.name} has lost its image repository {stack.image_repository}"
        raise Leave(ExitCode.FAILED, f"{lost}: run ./retune deploy") from error


def _log_in(by: Engine, ecr: Any, registry: str) -> None:
    """Log in with a password that ECR issues for twelve hours."""
    token = ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    user, _, password = b64decode(token).decode().partition(":")
    if not by.log_in(registry, user, password):
        raise Leave(ExitCode.FAILED, f"{registry} refused the login by {by.name}: see its last lines above")


def _arrived(ecr: Any, repository: str, tag: str) -> str:
    """Return the pushed image's digest. Raises: Leave: SageMaker would refuse its manifest."""
    found = next((one for one in Images(ecr, repository).all() if tag in one.tags), None)
    if found is None:
        raise Leave(ExitCode.FAILED, f"ECR does not list {repository}:{tag} after the push: try again")
    if not found.is_docker:
        fix = "turn containerd-snapshotter off in /etc/docker/daemon.json, or use podman"
        raise Leave(ExitCode.FAILED, f"SageMaker refuses the manifest that arrived, {found.manifest_type}: {fix}")
    return found.digest
