"""Data out: uploads the results of a training job to S3, in AWS's layout."""

import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local_sagemaker.sagemaker.container.storage import encryption, faults_as, split

FAILED = "Artifact upload failed"
IN_PARTS_BYTES = 64 << 20


def upload_model(s3: Any, folder: Path, base: str, config: Mapping[str, Any]) -> str | None:
    """Upload the model folder below `base`; return its URI, or None if it is empty. Raises: DataFault."""
    if config.get("CompressionType") == "NONE":
        return upload_files(s3, folder, f"{base}/model/", config)
    return upload_archive(s3, folder, f"{base}/model.tar.gz", config)


def upload_archive(s3: Any, folder: Path, uri: str, config: Mapping[str, Any]) -> str | None:
    """Upload the folder as a .tar.gz to `uri`; return None if it is empty. Links stay links. Raises: DataFault."""
    with faults_as(FAILED):
        if not any(folder.iterdir()):
            return None
        with tempfile.TemporaryFile(dir=folder.parent) as archive:
            with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=6) as tar:
                for path in sorted(folder.iterdir()):
                    tar.add(path, path.name)
            _put(s3, archive, uri, config)
    return uri


def upload_files(s3: Any, folder: Path, uri: str, config: Mapping[str, Any]) -> str | None:
    """Upload each file of the folder below `uri`; return None if there is none. Raises: DataFault."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    with faults_as(FAILED):
        for path in files:
            with path.open("rb") as file:
                _put(s3, file, uri + path.relative_to(folder).as_posix(), config)
    return uri if files else None


def _put(s3: Any, file: Any, uri: str, config: Mapping[str, Any]) -> None:
    """Put one object, in parts only if it is large: the client's upload_fileobj costs small ones some milliseconds."""
    bucket, key = split(uri)
    kms = encryption(config.get("KmsKeyId"))
    size = file.seek(0, 2)
    file.seek(0)
    if size < IN_PARTS_BYTES:
        s3.put_object(Bucket=bucket, Key=key, Body=file, **kms)
    else:
        s3.upload_fileobj(file, bucket, key, ExtraArgs=kms)
