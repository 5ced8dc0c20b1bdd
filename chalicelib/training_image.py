"""The training image: which one is current, how builds of it ended, and who must look again when it is another.

CodeBuild's events may be lost, and an image may be pushed, pinned or unpinned by hand. So an event only brings its
message; that another image is current than at the last look is seen from ECR and the ledger, by the sweep too.
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
    """What a tuning job that starts now gets: the URI by digest, or None where there is none, perhaps because the
    tag that is `pinned` is gone."""

    uri: str | None
    pinned: str | None = None


@dataclass(frozen=True)
class TrainingImage:
    """`pins` says what a person wants and what was seen last; `ledger` knows which messages went out."""

    images: Images
    pins: ImageLedger
    bucket: Bucket
    queue: Queue
    log: BuildLog
    ledger: Ledger
    topic: Topic
    now: Callable[[], float]

    def current(self) -> CurrentImage:
        """The pinned one, else the newest build's."""
        pinned = self.pins.pinned()
        return CurrentImage(self.images.current(pinned), pinned)

    def build_ended(self, build: BuildEnded) -> None:
        """Tell once how a build ended; a failed one with its last lines.

        Raises: Unavailable: somebody else is telling; call again, in case that one dies of it."""
        if build.succeeded:
            current = self.current()
            message = build_ended(build, current.uri, current.pinned)
        else:
            message = build_ended(build, log=last_lines(self.log.end(build.log)))
        if not self._tell(message):
            raise Unavailable(f"Somebody else is telling {message.id} at this moment.")
        if build.succeeded:
            self.look(told=True)

    def look(self, told: bool = False) -> None:
        """Have every dataset looked at if the current image is another one than at the last look, and tell so.

        The datasets first, then the message, then the note, so that a crash between them loses nothing."""
        current, seen = self.current(), self.pins.seen()
        if current.uri is None or current.uri == seen.image:
            return
        for dataset in self.bucket.datasets():
            self.queue.poke(dataset)
        if seen.image and not told:  # the first image is nobody's news
            message = image_changed(seen.number + 1, current.uri, seen.image, current.pinned)
            if not self._tell(message):
                return
        with suppress(LostRace):
            self.pins.see(current.uri, seen)

    def _tell(self, message: Message) -> bool:
        return tell_once(self.ledger, self.topic, message, self.now())
