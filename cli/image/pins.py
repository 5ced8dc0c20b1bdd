"""`image list`, `image pin`, `image unpin`: which training image the next tuning job takes, and the person's word."""

import time
from difflib import get_close_matches
from typing import Any

from rich.table import Table
from rich.text import Text

from cli.console import ExitCode, Leave, moment, page, say, write_json
from cli.image.stock import Stocked, images_of, stock
from cli.target.pins import pins_of
from cli.target.stack import Stack, announced, find_stack
from cli.target.target import resolve

NEWEST_SHOWN = 3
GONE = "It is not in the repository any more: no tuning job starts until another one is pinned or none."


def list_images(as_json: bool, local: bool, aws: bool) -> ExitCode:
    """Every image, the one pushed last first. It changes nothing."""
    stack = find_stack(resolve(local, aws))
    there, pinned = stock(stack), pins_of(stack).pinned()
    if as_json:
        write_json([_plain(one) for one in there])
    elif there:
        page().print(_table(there))
    else:
        say("There is no image yet: ./retune image push")
    if pinned and not any(one.pinned for one in there):
        say(f"{pinned} is pinned. {GONE}", style="yellow")
    return ExitCode.DONE


def pin(tag: str, local: bool, aws: bool) -> ExitCode:
    """Have every tuning job from now on take this image, whatever is built. A second call changes nothing."""
    stack = announced(local, aws)
    there = images_of(stack).all()
    image = next((image for image in there if tag in image.tags), None)
    if image is None:
        raise Leave(ExitCode.NOT_FOUND, _no_such_tag(tag, [tag for image in there for tag in image.tags]))
    if not image.is_docker:
        raise Leave(
            ExitCode.FAILED, f"{tag} is an image that SageMaker refuses: its manifest is {image.manifest_type}."
        )
    pins_of(stack).pin(tag, time.time())
    _look_again(stack)
    say(f"Pinned {tag}, which is {image.digest}. `./retune image unpin` lets the newest build count again.")
    return ExitCode.DONE


def unpin(local: bool, aws: bool) -> ExitCode:
    """Let the newest build count again. A second call changes nothing."""
    stack = announced(local, aws)
    pins = pins_of(stack)
    if (tag := pins.pinned()) is None:
        say("No image is pinned.")
        return ExitCode.DONE
    pins.pin(None, time.time())
    _look_again(stack)
    say(f"{tag} is no longer pinned; the current image is {images_of(stack).current() or 'none: none has been built'}.")
    return ExitCode.DONE


def _look_again(stack: Stack) -> None:
    """A dataset that follows the image may have to be tuned again; the sweep would see it within its period."""
    for dataset in stack.bucket.datasets():
        stack.queue.poke(dataset)


def _no_such_tag(tag: str, tags: list[str]) -> str:
    if not tags:
        return "There is no image to pin yet: ./retune image push"
    newest = sorted(tags, reverse=True)[:NEWEST_SHOWN]
    close = get_close_matches(tag, tags, n=NEWEST_SHOWN) or newest
    return f"There is no image with the tag {tag}. Did you mean {' or '.join(close)}? `./retune image list` has all."


def _plain(one: Stocked) -> dict[str, Any]:
    return {
        "digest": one.image.digest,
        "uri": one.uri,
        "tags": list(one.image.tags),
        "pushed_at": one.image.pushed_at,
        "size_bytes": one.image.size_bytes,
        "manifest_type": one.image.manifest_type,
        "current": one.current,
        "pinned": one.pinned,
        "named_by": list(one.named_by),
    }


def _table(there: tuple[Stocked, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("tag", "digest", "pushed", "MB"):
        table.add_column(column, no_wrap=True)
    table.add_column("named by", overflow="fold")
    for one in there:
        image = one.image
        marks = [word for word, holds in (("current", one.current), ("pinned", one.pinned)) if holds]
        marks += [] if image.is_docker else ["SageMaker refuses it"]
        table.add_row(
            Text("\n".join(image.tags) or "–", style="green" if one.current else ""),
            image.digest.removeprefix("sha256:")[:8],
            moment(image.pushed_at)[:10],
            f"{image.size_bytes / 1e6:.0f}",
            "\n".join((*marks, *one.named_by)),
        )
    return table
