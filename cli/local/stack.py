"""The local AWS with Retune deployed in it, by the same steps as on AWS: package, transform, create the stack, push an
image. Or the local AWS alone, for users with their own code."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.console import ExitCode, Leave, say
from cli.deploy.deployment import deploy
from cli.local import image
from cli.machine.compiled import compile_engine
from cli.paths import CONTAINER
from cli.signals import deaf
from cli.target.stack import DEFAULT_NAME, Stack, find_stack
from cli.target.target import LOCAL_REGION, Target
from local_sagemaker import AccessDecision, HomeInUse, LocalSageMaker, PortRefused, Published, UnreadableHome
from local_sagemaker.options import Options

IMAGE_REPOSITORY = "retune-mars"
"""The repository that the folder `container/` is mapped to, also without Retune."""


@dataclass(frozen=True)
class Running:
    """A local AWS in this process. `ready` is what `up --json` prints."""

    aws: LocalSageMaker
    stack: Stack
    ready: Mapping[str, Any]


@contextmanager
def running_stack(
    home: Path,
    *,
    port: int = 0,
    parameters: Mapping[str, str],
    options: Options = Options(),
    on_published: Callable[[Published], None] | None = None,
    on_decision: Callable[[AccessDecision], None] = lambda _: None,
) -> Iterator[Running]:
    """Start, resume from `home`, deploy, and stop every process at the end. Only one at a time per Python process.
    Each function may do only what its role's policies allow; each decision is passed to `on_decision`.

    Raises: Leave: the port is not available, another process uses the home, or another version wrote it."""
    started = time.monotonic()
    with _started(home, port, options, on_published, on_decision) as aws:
        running = _deployed(aws, parameters)
        took = time.monotonic() - started
        say(f"Local AWS at {aws.endpoint_url}, Retune deployed in it ({took:.1f} s)", style="dim")
        yield running


@contextmanager
def running_alone(home: Path, *, port: int = 0, options: Options = Options()) -> Iterator[Mapping[str, Any]]:
    """Start without Retune, and yield what `up --only-aws --json` prints. Raises: Leave: as above."""
    with _started(home, port, options, on_published=None, on_decision=None) as aws:
        ready = {
            "endpoint_url": aws.endpoint_url,
            "region": aws.region,
            "account": aws.account,
            "training_role_arn": aws.role_arn,
            "image_uri": aws.image_uri(IMAGE_REPOSITORY),
        }
        say(f"Local AWS at {aws.endpoint_url}, without Retune", style="dim")
        yield ready


@contextmanager
def _started(
    home: Path,
    port: int,
    options: Options,
    on_published: Callable[[Published], None] | None,
    on_decision: Callable[[AccessDecision], None] | None,
) -> Iterator[LocalSageMaker]:
    say("Starting a local AWS …", style="dim")
    compile_engine()
    aws = LocalSageMaker(
        home,
        port,
        {IMAGE_REPOSITORY: CONTAINER, **options.images},
        region=LOCAL_REGION,
        on_published=on_published,
        quotas=options.quotas,
        chaos=options.chaos,
        allow_hosts=options.allow_hosts,
        allow_origins=options.allow_origins,
        on_decision=on_decision,
    )
    try:
        aws.start()
        yield aws
    except PortRefused as refused:
        raise Leave(ExitCode.FAILED, f"{refused.strerror}, or omit `--port` to use any free port.") from refused
    except HomeInUse as refused:
        raise Leave(ExitCode.FAILED, str(refused)) from refused
    except UnreadableHome as refused:
        raise Leave(ExitCode.FAILED, f"{refused} `./retune clean` removes the default one.") from refused
    finally:
        with deaf():
            aws.stop()


def _deployed(aws: LocalSageMaker, parameters: Mapping[str, str]) -> Running:
    target = Target(aws.endpoint_url, LOCAL_REGION)
    deploy(target.client, DEFAULT_NAME, parameters)
    stack = find_stack(target, DEFAULT_NAME)
    # With a tag: the `sagemaker` SDK derives job names from the URI, and a digest makes them invalid.
    image_uri = image.publish_newest(target.client("ecr"), stack.image_repository, CONTAINER)
    ready = {
        "endpoint_url": aws.endpoint_url,
        "region": aws.region,
        "account": aws.account,
        "bucket": stack.bucket_name,
        "topic_arn": stack.topic_arn,
        "table": stack.table,
        "queue_url": stack.queue_url,
        "training_role_arn": stack.training_role_arn,
        "image_uri": image_uri,
    }
    return Running(aws, stack, ready)
