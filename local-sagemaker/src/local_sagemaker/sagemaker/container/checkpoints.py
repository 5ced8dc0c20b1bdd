"""Checkpoints: a folder that is downloaded from S3 before a training job and uploaded while it runs.

docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from local_sagemaker.sagemaker.container.channels import fetch
from local_sagemaker.sagemaker.container.folder import INSIDE, Folder
from local_sagemaker.sagemaker.container.storage import DataFault, faults_as, keys
from local_sagemaker.sagemaker.container.uploads import FolderUpload


class Checkpoints(FolderUpload):
    """The checkpoints of one job. `inside` is their path in a container, `folder` the one on this machine."""

    def __init__(self, s3: Any, config: Mapping[str, str], folder: Folder):
        self.inside = PurePosixPath(config.get("LocalPath") or INSIDE / "checkpoints")
        super().__init__(s3, self._place(folder), config["S3Uri"], "Checkpoint upload failed")

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
        self.keep_present()

    def _place(self, folder: Folder) -> Path:
        """Raises: DataFault: the path is outside of the job's folder, or among its other files."""
        within = self.inside.relative_to(INSIDE) if self.is_in_the_folder else None
        if ".." in self.inside.parts or not self.inside.is_absolute() or within == PurePosixPath():
            raise DataFault(f"ClientError: CheckpointConfig.LocalPath cannot be {self.inside}.")
        return folder.checkpoints if within is None else folder.ml / within
