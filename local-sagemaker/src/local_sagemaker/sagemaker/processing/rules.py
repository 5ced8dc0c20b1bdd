"""Checks of CreateProcessingJob: AWS's rules across members, and the rejection of what is not supported here.

AWS documents most of these rules, but not the messages, which are our own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from local_sagemaker.sagemaker.protocol.errors import invalid

BELOW = PurePosixPath("/opt/ml/processing")
"""Where all inputs and outputs are in the container ("How Amazon SageMaker Processing Configures Input and Output")."""
_CHOSEN_BY_AWS = ("SelectedInstanceType", "SelectedInstanceCount")


def check_processing_job(request: Mapping[str, Any]) -> None:
    """Raises: ServiceError: ValidationException."""
    inputs = request.get("ProcessingInputs", [])
    outputs = request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    _check_cluster(request["ProcessingResources"]["ClusterConfig"])
    for given in inputs:
        _check_input(given)
    for given in outputs:
        _check_output(given)
    _check_unique("InputName", (given["InputName"] for given in inputs))
    _check_unique("OutputName", (given["OutputName"] for given in outputs))
    _check_unique("LocalPath", map(str, _places([*inputs, *outputs])))
    for name, value in request.get("Environment", {}).items():
        if "\0" in value:
            raise invalid(f"The environment variable {name} must not contain a NUL character.")


def _check_cluster(cluster: Mapping[str, Any]) -> None:
    preferences = cluster.get("InstancePreferences", [])
    if bool(preferences) == ("InstanceType" in cluster):
        raise invalid("ClusterConfig must have either an InstanceType or InstancePreferences.")
    for member in _CHOSEN_BY_AWS:
        if member in cluster:
            raise invalid(f"{member} is not accepted in a request: it is read-only.")
    for one in (cluster, *preferences):
        if one.get("InstanceCount", 1) != 1:
            raise invalid("The local AWS runs a processing job on one instance: set InstanceCount to 1.")


def _check_input(given: Mapping[str, Any]) -> None:
    named = f"The input {given['InputName']}"
    if "DatasetDefinition" in given:
        kinds = [kind for kind in given["DatasetDefinition"] if kind.endswith("DatasetDefinition")]
        text = f"{named} has {' and '.join(kinds) or 'a DatasetDefinition'}"
        raise invalid(f"{text}, but there is no Athena and no Redshift here: use an S3Input.")
    if "S3Input" not in given:
        raise invalid(f"{named} must have an S3Input.")
    source = given["S3Input"]
    _check_s3(named, source["S3Uri"])
    _check_place(named, given, source)
    if source.get("S3CompressionType", "None") != "None" and source.get("S3InputMode", "File") != "Pipe":
        raise invalid(f"{named} has S3CompressionType Gzip, which can only be used with S3InputMode Pipe.")
    if source.get("S3InputMode", "File") != "File":
        raise invalid(f"{named} has S3InputMode Pipe, but the local AWS delivers data as files: use File.")


def _check_output(given: Mapping[str, Any]) -> None:
    named = f"The output {given['OutputName']}"
    if "FeatureStoreOutput" in given:
        raise invalid(f"{named} has a FeatureStoreOutput, but there is no Feature Store here: use an S3Output.")
    if "S3Output" not in given:
        raise invalid(f"{named} must have an S3Output.")
    _check_s3(named, given["S3Output"]["S3Uri"])
    _check_place(named, given, given["S3Output"])


def _check_s3(named: str, uri: str) -> None:
    if not uri.startswith("s3://"):
        raise invalid(f"{named} has the S3Uri {uri}, but the local AWS supports s3://… only.")


def _check_place(named: str, given: Mapping[str, Any], s3: Mapping[str, Any]) -> None:
    """What the application manages itself needs no LocalPath."""
    if "LocalPath" not in s3:
        if not given.get("AppManaged"):
            raise invalid(f"{named} must have a LocalPath, unless AppManaged is true.")
        return
    path = PurePosixPath(s3["LocalPath"])
    if not path.is_relative_to(BELOW) or ".." in path.parts or "\0" in s3["LocalPath"]:
        raise invalid(f"{named} has the LocalPath {s3['LocalPath']}, which must begin with {BELOW}/.")


def _check_unique(member: str, values: Iterable[str]) -> None:
    """Each name, and each LocalPath of all inputs and outputs, may occur once: AWS was observed to refuse others."""
    if again := sorted(value for value, count in Counter(values).items() if count > 1):
        raise invalid(f"Each {member} must be unique in a processing job, but there are several of {', '.join(again)}.")


def _places(given: Iterable[Mapping[str, Any]]) -> list[PurePosixPath]:
    found = [one.get("S3Input") or one["S3Output"] for one in given]
    return [PurePosixPath(s3["LocalPath"]) for s3 in found if "LocalPath" in s3]
