"""A processing job's /opt/ml: its configuration files, its inputs and outputs, and its message."""

import codecs
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from local_sagemaker.sagemaker.container.folder import INSIDE, JobFolder, resources
from local_sagemaker.sagemaker.container.storage import DataFault
from local_sagemaker.sagemaker.processing.defaults import instance_type
from local_sagemaker.sagemaker.processing.records import ProcessingJob

MESSAGE_BYTES = 1024
_OPTIONAL_OF_APP = ("ContainerEntrypoint", "ContainerArguments")


class ProcessingFolder(JobFolder):
    """Its output folders exist before the program starts. Raises: DataFault: an earlier one cannot be deleted."""

    def __init__(self, path: Path, request: Mapping[str, Any]):
        places = [PurePosixPath(output["S3Output"]["LocalPath"]) for output in uploaded(request)]
        writable = [place.relative_to(INSIDE) for place in places]
        super().__init__(path, ("processing", "output", *writable), "config")

    def place(self, local_path: str) -> Path:
        """The folder on this machine of an input or output."""
        return Path(self.here(local_path))

    def configure(self, job: ProcessingJob) -> None:
        """Write the two files of /opt/ml/config."""
        cluster = job.request["ProcessingResources"]["ClusterConfig"]
        self.write_config(
            processingjobconfig=_described(job), resourceconfig=resources({"InstanceType": instance_type(cluster)})
        )

    def message(self) -> str | None:
        """The first KB of /opt/ml/output/message, if it was written. Raises: DataFault: it is not UTF-8."""
        try:
            with (self.ml / "output" / "message").open("rb") as file:
                start = file.read(MESSAGE_BYTES)
        except OSError:
            return None
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(start, final=len(start) < MESSAGE_BYTES)
        except UnicodeDecodeError as error:
            raise DataFault("ClientError: /opt/ml/output/message is not UTF-8 encoded.") from error


def downloaded(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The inputs that the application does not manage itself."""
    return [given for given in request.get("ProcessingInputs", []) if not given["AppManaged"]]


def uploaded(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The outputs that the application does not manage itself."""
    outputs = request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    return [given for given in outputs if not given["AppManaged"]]


def _described(job: ProcessingJob) -> dict[str, Any]:
    """processingjobconfig.json in its documented form, in which absent members are null."""
    request = job.request
    app, outputs = request["AppSpecification"], request.get("ProcessingOutputConfig", {"Outputs": []})
    cluster = request["ProcessingResources"]["ClusterConfig"]
    return {
        "ProcessingJobArn": job.arn,
        "ProcessingJobName": job.name,
        "AppSpecification": {**dict.fromkeys(_OPTIONAL_OF_APP), **app},
        "Environment": request.get("Environment", {}),
        "ProcessingInputs": [
            {**given, "S3Input": {**given["S3Input"], "S3DownloadMode": "StartOfJob"}}
            for given in request.get("ProcessingInputs", [])
        ],
        "ProcessingOutputConfig": {"KmsKeyId": None, **outputs},
        "ProcessingResources": {"ClusterConfig": {"VolumeKmsKeyId": None, **cluster}},
        "RoleArn": request["RoleArn"],
        "StoppingCondition": request["StoppingCondition"],
    }
