"""The training image: which one is current, how its builds ended, and what to reconcile when it changes.

CodeBuild's events may be lost, and an image may be pushed, pinned or unpinned by hand. So an event only triggers its
message; a change of the current image is detected from ECR and the ledger, by the sweep as well.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.aws.bucket import Bucket
from chalicelib.aws.build_log import BuildLog, last_lines
from chalicelib.aws.image_ledger import ImageLedger
from chalicelib.aws.images import Images
from chalicelib.aws.ledger import Ledger
from chalicelib.aws.queue import Queue
from chalicelib.aws.topic import Topic
from chalicelib.errors import LostRace, Unavailable
from chalicelib.events import BuildEnded
from chalicelib.messages.image import build_ended, image_changed
from chalicelib.messages.tuning import Message
from chalicelib.telling import tell_once


@dataclass(frozen=True)
class CurrentImage:
    """The image for new tuning jobs: its URI by digest, or None if there is none, perhaps because the tag that is
    `pinned` no longer exists."""

    uri: str | None
    pinned: str | None = None


@dataclass(frozen=True)
class TrainingImage:
    """`pins` stores the pinned tag and the image seen last; `ledger` stores which messages were sent."""

    images: Images
    pins: ImageLedger
    bucket: Bucket
    queue: Queue
    log: BuildLog
    ledger: Ledger
    topic: Topic
    now: Callable[[], float]

    def current(self) -> CurrentImage:
        """Return the pinned image, or else the newest build's."""
        pinned = self.pins.pinned()
        return CurrentImage(self.images.current(pinned), pinned)

    def build_ended(self, build: BuildEnded) -> None:
        """Notify once how a build ended; for a failed one, include the log's last lines.

        Raises: Unavailable: another invocation is sending the message; call again, in case it dies."""
        if build.succeeded:
            current = self.current()
            message = build_ended(build, current.uri, current.pinned)
        else:
            message = build_ended(build, log=last_lines(self.log.end(build.log)))
        if not self._tell(message):
            raise Unavailable(f"Another invocation is sending the message {message.id}.")
        if build.succeeded:
            self.look(told=True)

    def look(self, told: bool = False) -> None:
        """If the current image has changed since the last call, have every dataset reconciled and send a message.

        Queues the datasets first, then sends the message, then records the image: a crash in between loses nothing."""
        current, seen = self.current(), self.pins.seen()
        if current.uri is None or current.uri == seen.image:
            return
        for dataset in self.bucket.datasets():
            self.queue.poke(dataset)
        if seen.image and not told:  # the first image is not a change
            message = image_changed(seen.number + 1, current.uri, seen.image, current.pinned)
            if not self._tell(message):
                return
        with suppress(LostRace):
            self.pins.see(current.uri, seen)

    def _tell(self, message: Message) -> bool:
        return tell_once(self.ledger, self.topic, message, self.now())
