"""Uploads what changes in a folder to S3, while a program writes to it and when it has ended."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from local_sagemaker.sagemaker.container.storage import DataFault, encryption, faults_as, split

EVERY_S = 5.0
_log = logging.getLogger(__name__)


class FolderUpload:
    """Uploads the folder's files below `uri`, which is taken as a folder. `failure` is AWS's name of a failed upload.
    Symbolic links are uploaded as the files they name only if `follows_links`."""

    def __init__(
        self, s3: Any, folder: Path, uri: str, failure: str, *, kms_key: str | None = None, follows_links: bool = True
    ):
        self.folder = folder
        self._s3 = s3
        self._bucket, prefix = split(uri)
        self._prefix = prefix.rstrip("/") + "/" if prefix else ""
        self._failure = failure
        self._encryption = encryption(kms_key)
        self._follows_links = follows_links
        self._copied: dict[Path, tuple[int, int]] = {}

    def upload(self) -> None:
        """Upload what has changed since the last call. Raises: DataFault."""
        with faults_as(self._failure):
            for path, seen in self._seen():
                if self._copied.get(path) != seen:
                    self._put(path)
                    self._copied[path] = seen

    def keep_present(self) -> None:
        """Take what the folder holds now as uploaded."""
        self._copied = dict(self._seen())

    @contextmanager
    def uploading(self) -> Iterator[None]:
        """Upload every few seconds during the block; failed uploads are retried."""
        ended = Event()
        thread = Thread(target=self._upload_until, args=(ended,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _upload_until(self, ended: Event) -> None:
        while not ended.wait(EVERY_S):
            try:
                self.upload()
            except DataFault as fault:
                _log.warning("%s; it will be retried", fault)

    def _put(self, path: Path) -> None:
        key = self._prefix + path.relative_to(self.folder).as_posix()
        try:
            self._s3.upload_file(str(path), self._bucket, key, ExtraArgs=self._encryption)
        except FileNotFoundError:
            return  # programs rename and delete their files

    def _seen(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        for path in sorted(self.folder.rglob("*")):
            try:
                now = path.stat()
            except FileNotFoundError:
                continue
            if path.is_file() and (self._follows_links or not path.is_symlink()):
                yield path, (now.st_mtime_ns, now.st_size)
