"""Checkpoints: a folder that is downloaded from S3 before a training job and uploaded while it runs.

docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from threading import Event, Thread
from typing import Any

from local_sagemaker.sagemaker.container.channels import fetch
from local_sagemaker.sagemaker.container.folder import INSIDE, Folder
from local_sagemaker.sagemaker.container.storage import DataFault, faults_as, keys, split

EVERY_S = 5.0
_log = logging.getLogger(__name__)


class Checkpoints:
    """The checkpoints of one job. `inside` is their path in a container, `folder` the one on this machine."""

    def __init__(self, s3: Any, config: Mapping[str, str], folder: Folder):
        self._s3 = s3
        self._bucket, prefix = split(config["S3Uri"])
        self._prefix = prefix.rstrip("/") + "/" if prefix else ""
        self.inside = PurePosixPath(config.get("LocalPath") or INSIDE / "checkpoints")
        self.folder = self._place(folder)
        self._copied: dict[Path, tuple[int, int]] = {}

    @property
    def is_in_the_folder(self) -> bool:
        """Whether they are below /opt/ml, where a program without a container finds them too."""
        return self.inside.is_relative_to(INSIDE)

    def download(self) -> None:
        """Download the checkpoints of earlier jobs. Raises: DataFault."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with faults_as("Checkpoint download failed"):
            for key in keys(self._s3, self._bucket, self._prefix):
                fetch(self._s3, self._bucket, key, self.folder, key.removeprefix(self._prefix))
        self._copied = dict(self._seen())

    def upload(self) -> None:
        """Upload what has changed since the last call. Raises: DataFault."""
        with faults_as("Checkpoint upload failed"):
            for path, seen in self._seen():
                if self._copied.get(path) != seen:
                    self._put(path)
                    self._copied[path] = seen

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
            self._s3.upload_file(str(path), self._bucket, key)
        except FileNotFoundError:
            return  # programs rename and delete their checkpoints

    def _seen(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        for path in sorted(self.folder.rglob("*")):
            try:
                now = path.stat()
            except FileNotFoundError:
                continue
            if path.is_file():
                yield path, (now.st_mtime_ns, now.st_size)

    def _place(self, folder: Folder) -> Path:
        """Raises: DataFault: the path is outside of the job's folder, or among its other files."""
        within = self.inside.relative_to(INSIDE) if self.is_in_the_folder else None
        if ".." in self.inside.parts or not self.inside.is_absolute() or within == PurePosixPath():
            raise DataFault(f"ClientError: CheckpointConfig.LocalPath cannot be {self.inside}.")
        return folder.checkpoints if within is None else folder.ml / within
