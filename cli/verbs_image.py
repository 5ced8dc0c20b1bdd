"""The verb `image`, with its own: build, test. As with the others, what they do is imported when they are called."""

from typing import Annotated

import typer

from cli.talk import EXIT_CODES

image = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", epilog=EXIT_CODES)


def add_to(app: typer.Typer) -> None:
    """Register this file's verb."""
    for verb in (build, test):
        image.command(epilog=EXIT_CODES)(verb)
    app.add_typer(image, name="image", help="Build the training image here, and try it out.")


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
    from cli.training_image import build as build_image

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
    from cli.training_image import test as test_image

    raise typer.Exit(test_image(name))
