"""What people and machines are told of the training image. Pure."""

from collections.abc import Iterable
from typing import Any

from chalicelib.events import BuildEnded
from chalicelib.messages.tuning import Message, compose, subject_line
from chalicelib.messages.wording import paragraph, printable

LONGEST_LOG_LINE = 300


def build_ended(
    build: BuildEnded, image: str | None = None, pinned: str | None = None, log: Iterable[str] = ()
) -> Message:
    """An image build ended. `image` is the current one after a build that succeeded, `log` the last lines of one
    that did not."""
    lines = [printable(line, LONGEST_LOG_LINE) for line in log]
    project, status = printable(build.project), printable(build.status)
    parts = [
        paragraph(f"The image build of {project} ended: {status}; {_in_use(build, image, pinned)}."),
        paragraph(f"What failed: {printable(build.failure)}") if build.failure else "",
        "\n".join(["Its last lines", *(paragraph(line, "  ") for line in lines)]) if lines else "",
        f"Log\n  {printable(build.link)}" if build.link else "",
    ]
    data: dict[str, Any] = {"kind": "build-ended", "project": build.project, "status": build.status, "image": image}
    data |= {"build": build.id, "failure": printable(build.failure), "log": lines}
    subject = subject_line(project, f"image build {status.lower()}")
    return compose(f"build-ended:{build.id}", subject, parts, "./retune image list", data)


def image_changed(number: int, image: str, before: str, pinned: str | None) -> Message:
    """Another training image is current than before, and no build's end said so. `number` counts the changes."""
    why = f"its tag {pinned} was pinned" if pinned else "it was pushed by hand, or was pinned before, or news got lost"
    parts = [
        paragraph(f"New tuning jobs get another training image: {printable(why)}."),
        f"Now\n  {image}\nBefore\n  {before}",
        paragraph("Datasets with `retune_on_new_image` are tuned again; the others go on with their models."),
    ]
    data = {"kind": "image-changed", "image": image, "before": before, "pinned": pinned}
    return compose(f"image-changed:{number}", "[retune] another training image", parts, "./retune image list", data)


def _in_use(build: BuildEnded, image: str | None, pinned: str | None) -> str:
    if not build.succeeded:
        return "the image that is in use stays"
    if image is None:
        return "there is none that can be used" + (f", for {printable(pinned)} is pinned and gone" if pinned else "")
    return f"{printable(pinned)} is pinned, so that {image} stays" if pinned else f"the current image is {image}"
