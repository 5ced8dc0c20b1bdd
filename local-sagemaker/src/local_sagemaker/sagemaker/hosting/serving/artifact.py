"""Downloads a model's artifact from S3 to the container's /opt/ml/model."""

import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backports import tarfile
from botocore.exceptions import ClientError

from local_sagemaker.sagemaker.container.storage import split


class ArtifactFault(Exception):
    """The artifact does not exist, or is not a .tar.gz; the message becomes the FailureReason."""


def uri_of(container: Mapping[str, Any]) -> str | None:
    """The artifact's URI; None for a container whose image includes the model."""
    if "ModelDataUrl" in container:
        return str(container["ModelDataUrl"])
    source = container.get("ModelDataSource", {}).get("S3DataSource")
    return str(source["S3Uri"]) if source else None


def exists(s3: Any, uri: str) -> bool:
    bucket, key = split(uri)
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as e:
        if e.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    return True


def unpack(s3: Any, uri: str, folder: Path) -> None:
    """Download and unpack the artifact. Raises: ArtifactFault."""
    bucket, key = split(uri)
    with tempfile.TemporaryFile() as archive:
        try:
            s3.download_fileobj(bucket, key, archive)
        except ClientError as e:
            raise ArtifactFault(f"Could not find model data at {uri}.") from e
        archive.seek(0)
        try:
            with tarfile.open(fileobj=archive, mode="r:gz") as tar:
                tar.extractall(folder, filter="data")
        except (tarfile.TarError, OSError, EOFError, zlib.error) as e:
            raise ArtifactFault(f"The model data at {uri} is not a valid tar.gz: {e}") from e
