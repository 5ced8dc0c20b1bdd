"""The verb `image` and its subcommands. As with the other verbs, each imports its implementation when called."""

from typing import Annotated

import typer

from cli.target.choice import TargetChoice
from cli.verbs.command import add, group
from cli.verbs.options import AsJson, Aws, Home, Local


def add_to(app: typer.Typer) -> None:
    """Register this file's verb."""
    image = group()
    add(image, build, test, push)
    add(image, list_images, name="list")
    add(image, pin, unpin, prune)
    app.add_typer(image, name="image", help="Build, test, push, list, pin and prune training images.")


def build(
    tag: Annotated[
        str | None, typer.Option("--tag", metavar="NAME", help="Default: retune-mars, or retune-mars:debug.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="With all of Debian, including apt.")] = False,
    base: Annotated[
        str | None, typer.Option("--base", metavar="IMAGE", help="Debian from another registry, or by digest.")
    ] = None,
) -> None:
    """Build the training image with docker, podman or buildah.

    \b
    The image's name goes to stdout, the builder's output to stderr.

    \b
    ./retune image build
    ./retune image build --debug
    ./retune image build --tag mine --base debian@sha256:…
    """
    from cli.image.build import build as build_image

    raise typer.Exit(build_image(tag, debug, base))


def test(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An image on this machine.")] = "retune-mars",
) -> None:
    """Train and serve iris inside an image, without network.

    \b
    CodeBuild runs the same test before it pushes an image.

    \b
    ./retune image test
    ./retune image test retune-mars:debug
    """
    from cli.image.build import test as test_image

    raise typer.Exit(test_image(name))


def push(
    base: Annotated[
        str | None, typer.Option("--base", metavar="IMAGE", help="Debian from another registry, or by digest.")
    ] = None,
    local: Local = False,
    aws: Aws = False,
    home: Home = None,
) -> None:
    """Build, test and push an image to the stack's repository.

    \b
    Needs docker or podman, and no CodeBuild. An image that does not train and
    serve iris is not pushed. The URI of the pushed image goes to stdout.

    \b
    ./retune image push --aws
    ./retune image push --aws --base debian@sha256:…
    """
    from cli.image.push import push as push_image

    raise typer.Exit(push_image(base, TargetChoice(local, aws, home=home)))


def list_images(as_json: AsJson = False, local: Local = False, aws: Aws = False, home: Home = None) -> None:
    """List the images in the stack's repository, and what references each.

    \b
    References come from champions, open tuning jobs and versions in the model
    registry. The current and the pinned image are marked.

    \b
    ./retune image list
    ./retune image list --json | jq '.[] | select(.current) | .uri'
    """
    from cli.image.pins import list_images as run

    raise typer.Exit(run(as_json, TargetChoice(local, aws, home=home)))


def pin(
    tag: Annotated[str, typer.Argument(metavar="TAG", help="As `image list` shows it.")],
    local: Local = False,
    aws: Aws = False,
    home: Home = None,
) -> None:
    """Make new tuning jobs use this image, even if newer ones are built.

    \b
    Datasets with `retune_on_new_image` are tuned again with it, unless it has
    already tuned exactly the same data.

    \b
    ./retune image pin 20260101T000000Z-0123456789ab
    """
    from cli.image.pins import pin as run

    raise typer.Exit(run(tag, TargetChoice(local, aws, home=home)))


def unpin(local: Local = False, aws: Aws = False, home: Home = None) -> None:
    """Make new tuning jobs use the newest build again.

    \b
    ./retune image unpin
    """
    from cli.image.pins import unpin as run

    raise typer.Exit(run(TargetChoice(local, aws, home=home)))


def prune(
    keep: Annotated[int, typer.Option("--keep", metavar="N", min=1, help="How many of the newest to keep.")] = 10,
    yes: Annotated[bool, typer.Option("--yes", help="Skip the confirmation.")] = False,
    local: Local = False,
    aws: Aws = False,
    home: Home = None,
) -> None:
    """List old images that nothing references, then delete them.

    \b
    Images that are current, pinned or referenced in `image list` always stay.

    \b
    ./retune image prune
    ./retune image prune --keep 3 --yes
    """
    from cli.image.prune import prune as run

    raise typer.Exit(run(keep, yes, TargetChoice(local, aws, home=home)))
