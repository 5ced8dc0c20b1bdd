"""The verb `image`, with its own. As with the other verbs, what they do is imported when they are called."""

from typing import Annotated

import typer

from cli.console import EXIT_CODES
from cli.verbs.options import AsJson, Aws, Local

image = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", epilog=EXIT_CODES)


def add_to(app: typer.Typer) -> None:
    """Register this file's verb."""
    for verb in (build, test, push, list_images, pin, unpin, prune):
        image.command("list" if verb is list_images else None, epilog=EXIT_CODES)(verb)
    app.add_typer(image, name="image", help="Build, try, push, list, pin and prune training images.")


def build(
    tag: Annotated[
        str | None, typer.Option("--tag", metavar="NAME", help="Default: retune-mars, or retune-mars:debug.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="The roomy one: all of Debian, with apt.")] = False,
    base: Annotated[
        str | None, typer.Option("--base", metavar="IMAGE", help="Debian, from another registry or by digest.")
    ] = None,
) -> None:
    """Build the training image with docker, podman or buildah.

    \b
    Its name goes to stdout, what the builder says to stderr.

    \b
    ./retune image build
    ./retune image build --debug
    ./retune image build --tag mine --base debian@sha256:…
    """
    from cli.image.build import build as build_image

    raise typer.Exit(build_image(tag, debug, base))


def test(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An image that was built here.")] = "retune-mars",
) -> None:
    """Train and serve iris inside an image, without network.

    \b
    This is the test that CodeBuild does before it pushes an image.

    \b
    ./retune image test
    ./retune image test retune-mars:debug
    """
    from cli.image.build import test as test_image

    raise typer.Exit(test_image(name))


def push(
    base: Annotated[
        str | None, typer.Option("--base", metavar="IMAGE", help="Debian, from another registry or by digest.")
    ] = None,
    local: Local = False,
    aws: Aws = False,
) -> None:
    """Build, try and push an image into the stack's repository.

    \b
    The first one need not wait for CodeBuild. It takes docker or podman; its URI
    goes to stdout. What does not train and serve iris is not pushed.

    \b
    ./retune image push --aws
    ./retune image push --aws --base debian@sha256:…
    """
    from cli.image.push import push as push_image

    raise typer.Exit(push_image(base, local, aws))


def list_images(as_json: AsJson = False, local: Local = False, aws: Aws = False) -> None:
    """Show the images in the stack's repository, and who names each.

    \b
    Named are the current and the pinned one, those of champions and of open
    tuning jobs, and those of versions in the model registry.

    \b
    ./retune image list
    ./retune image list --json | jq '.[] | select(.current) | .uri'
    """
    from cli.image.pins import list_images as run

    raise typer.Exit(run(as_json, local, aws))


def pin(
    tag: Annotated[str, typer.Argument(metavar="TAG", help="As `image list` shows it.")],
    local: Local = False,
    aws: Aws = False,
) -> None:
    """Have new tuning jobs take this image, whatever is built: roll back.

    \b
    Datasets with `retune_on_new_image` are tuned again with it, unless these
    very data were tuned with it before.

    \b
    ./retune image pin 20260101T000000Z-0123456789ab
    """
    from cli.image.pins import pin as run

    raise typer.Exit(run(tag, local, aws))


def unpin(local: Local = False, aws: Aws = False) -> None:
    """Let the newest build count again.

    \b
    ./retune image unpin
    """
    from cli.image.pins import unpin as run

    raise typer.Exit(run(local, aws))


def prune(
    keep: Annotated[int, typer.Option("--keep", metavar="N", min=1, help="So many of the newest stay.")] = 10,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
    local: Local = False,
    aws: Aws = False,
) -> None:
    """Delete old images that nothing names; first say which.

    \b
    Never deleted are those that `image list` shows as named.

    \b
    ./retune image prune
    ./retune image prune --keep 3 --yes
    """
    from cli.image.prune import prune as run

    raise typer.Exit(run(keep, yes, local, aws))
