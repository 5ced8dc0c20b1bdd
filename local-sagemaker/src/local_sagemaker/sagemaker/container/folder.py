"""SageMaker's container contract for a training program: its folders, configuration files and environment.

docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
The price of not using a container engine: the program sees this machine's files, and `ML_ROOT` replaces /opt/ml.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from local_sagemaker.clients import CREDENTIALS
from local_sagemaker.sagemaker.container.storage import DataFault

INSIDE = PurePosixPath("/opt/ml")
"""The program's folder when a container engine runs it."""
HOST = "algo-1"
LOG = "log.txt"
INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "R_LIBS", "R_LIBS_USER", "R_LIBS_SITE")
"""No AWS variable is passed on: a program here must not reach a real account."""


class JobFolder:
    """One job's /opt/ml, with empty folders: that of an earlier job of that name is deleted. `writable` are the paths
    below it at which an image may write as any user, `config` is that of the configuration files.

    Raises: DataFault: it cannot be deleted."""

    def __init__(self, path: Path, writable: Iterable[str | PurePosixPath], config: str):
        self.path = path
        self.ml = path / "opt" / "ml"
        self.log = path / LOG
        self._config = self.ml / config
        try:
            if path.exists():
                shutil.rmtree(path)
            self._config.mkdir(parents=True)
            for folder in (self.ml, *(self.ml / below for below in writable)):
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o777)  # an image may run as another user
        except OSError as error:
            raise DataFault(f"InternalServerError: the job's folder cannot be recreated: {error}.") from error

    def here(self, word: str) -> str:
        """Translate a word of the request that names a path below /opt/ml to that path on this machine."""
        path = PurePosixPath(word)
        return str(self.ml / path.relative_to(INSIDE)) if path.is_relative_to(INSIDE) else word

    def write_config(self, **files: Any) -> None:
        """Write configuration files, each as JSON under its name."""
        for name, value in files.items():
            (self._config / f"{name}.json").write_text(json.dumps(value, indent=1))


class Folder(JobFolder):
    """A training job's. Raises: DataFault: an earlier one cannot be deleted."""

    def __init__(self, path: Path):
        super().__init__(path, ("model", "output", "output/data", "checkpoints"), "input/config")
        self.model = self.ml / "model"
        self.output = self.ml / "output" / "data"
        self.checkpoints = self.ml / "checkpoints"

    def channel(self, name: str) -> Path:
        return self.ml / "input" / "data" / name

    def configure(self, hyperparameters: Mapping[str, str], request: Mapping[str, Any]) -> None:
        """Write the three files of `input/config`."""
        self.write_config(
            hyperparameters=dict(hyperparameters),
            inputdataconfig={found["ChannelName"]: _described(found) for found in channels_of(request)},
            resourceconfig=resources(request.get("ResourceConfig", {})),
        )

    def failure(self) -> str:
        """The beginning of the program's failure file, or an empty string."""
        try:
            with (self.ml / "output" / "failure").open(errors="replace") as file:
                return file.read(1024).strip()
        except OSError:
            return ""


def channels_of(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The request's channels, each with its input mode."""
    mode = request["AlgorithmSpecification"].get("TrainingInputMode", "File")
    return [{"InputMode": mode, **found} for found in request.get("InputDataConfig", [])]


def _described(channel: Mapping[str, Any]) -> dict[str, str]:
    """A channel in inputdataconfig.json. FastFile is reported as File, because here the data are real files."""
    source = channel["DataSource"].get("S3DataSource", {})
    return {
        **({"ContentType": channel["ContentType"]} if "ContentType" in channel else {}),
        "TrainingInputMode": "File",
        "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
        "RecordWrapperType": channel.get("RecordWrapperType", "None"),
    }


def resources(config: Mapping[str, Any]) -> dict[str, Any]:
    """resourceconfig.json with the same members as on AWS, for a single host.

    Without instance groups, AWS names the only group `homogeneousCluster`."""
    (group,) = config.get("InstanceGroups") or [{**config, "InstanceGroupName": "homogeneousCluster"}]
    kind, name = group.get("InstanceType", "local"), group["InstanceGroupName"]
    return {
        "current_host": HOST,
        "current_instance_type": kind,
        "current_group_name": name,
        "hosts": [HOST],
        "instance_groups": [{"instance_group_name": name, "instance_type": kind, "hosts": [HOST]}],
        "network_interface_name": "lo",
    }


def environment(
    ml: Path | PurePosixPath, name: str, arn: str, channels: Iterable[str], more: Mapping[str, str]
) -> dict[str, str]:
    """The variables that SageMaker and its toolkit set, with `ml` as the program's folder, and then `more`."""
    return {
        "TRAINING_JOB_NAME": name,
        "TRAINING_JOB_ARN": arn,
        "SM_NUM_CPUS": str(os.cpu_count() or 1),
        "SM_MODEL_DIR": str(ml / "model"),
        **{f"SM_CHANNEL_{channel.upper()}": str(ml / "input" / "data" / channel) for channel in channels},
        **more,
    }


def of_this_machine(folder: JobFolder) -> dict[str, str]:
    """Further variables for a program without a container engine."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**inherited, "HOME": str(folder.path), "ML_ROOT": str(folder.ml)}


def client_variables(s3: Any) -> dict[str, str]:
    """Variables that direct any AWS client to where `s3` goes, as a job's role gives it access to AWS; none without
    `s3`."""
    if not s3:
        return {}
    return {
        "AWS_REGION": s3.meta.region_name,
        "AWS_DEFAULT_REGION": s3.meta.region_name,
        "AWS_ENDPOINT_URL": s3.meta.endpoint_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        **{name.upper(): value for name, value in CREDENTIALS.items()},
    }
