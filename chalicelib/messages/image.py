"""Notifications about the training image. Pure."""

from collections.abc import Iterable
from typing import Any

from chalicelib.events import BuildEnded
from chalicelib.messages.tuning import Message, compose, subject_line
from chalicelib.messages.wording import paragraph, printable

LONGEST_LOG_LINE = 300


def build_ended(
    build: BuildEnded, image: str | None = None, pinned: str | None = None, log: Iterable[str] = ()
) -> Message:
    """Compose the message about the end of an image build. `image` is the current one after a successful build, `log`
    the last lines of a failed one."""
    lines = [printable(line, LONGEST_LOG_LINE) for line in log]
    project, status = printable(build.project), printable(build.status)
    parts = [
        paragraph(f"The image build of {project} ended with status {status}; {_in_use(build, image, pinned)}."),
        paragraph(f"Failed phase: {printable(build.failure)}") if build.failure else "",
        "\n".join(["Last lines of the log", *(paragraph(line, "  ") for line in lines)]) if lines else "",
        f"Log\n  {printable(build.link)}" if build.link else "",
    ]
    data: dict[str, Any] = {"kind": "build-ended", "project": build.project, "status": build.status, "image": image}
    data |= {"build": build.id, "failure": printable(build.failure), "log": lines}
    subject = subject_line(project, f"image build {status.lower()}")
    return compose(f"build-ended:{build.id}", subject, parts, "./retune image list", data)


def image_changed(number: int, image: str, before: str, pinned: str | None) -> Message:
    """Compose the message about a new current image that no build announced. `number` counts the changes."""
    why = (
        f"its tag {pinned} was pinned" if pinned else "it was pushed by hand, a tag was unpinned, or an event was lost"
    )
    parts = [
        paragraph(f"New tuning jobs use a different training image: {printable(why)}."),
        f"Now\n  {image}\nBefore\n  {before}",
        paragraph("Datasets with `retune_on_new_image` are tuned again; the others keep their models."),
    ]
    data = {"kind": "image-changed", "image": image, "before": before, "pinned": pinned}
    return compose(f"image-changed:{number}", "[retune] training image changed", parts, "./retune image list", data)


def _in_use(build: BuildEnded, image: str | None, pinned: str | None) -> str:
    if not build.succeeded:
        return "the current image stays in use"
    if image is None:
        return "there is no usable image" + (f", because the pinned tag {printable(pinned)} is gone" if pinned else "")
    return f"{image} stays in use, because {printable(pinned)} is pinned" if pinned else f"the current image is {image}"
