"""Data in: the channels of a training job, or the inputs of a processing job, in File mode."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local_sagemaker.sagemaker.container.storage import DataFault, faults_as, keys, split

FAILED = "Data download failed"


def download(s3: Any, channel: Mapping[str, Any], folder: Path) -> int:
    """Download a channel; return the number of files. Raises: DataFault: it has no objects, or needs another mode."""
    _check(channel)
    return download_source(s3, channel["DataSource"]["S3DataSource"], folder)


def download_source(s3: Any, source: Mapping[str, Any], folder: Path) -> int:
    """Download the objects of an S3Prefix or ManifestFile; return their number. Raises: DataFault: there are none."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with faults_as(FAILED):
        for bucket, key, path in _objects(s3, source):
            fetch(s3, bucket, key, folder, path)
            count += 1
    if not count:
        text = f'ClientError: No S3 objects found under S3 URL "{source["S3Uri"]}" given in input data source.'
        raise DataFault(f"{text} Please ensure that the bucket exists in the selected region.")
    return count


def fetch(s3: Any, bucket: str, key: str, folder: Path, path: str) -> None:
    """Download one object to `path` in the folder. Raises: DataFault, ClientError, OSError."""
    target = folder / path
    if not target.resolve().is_relative_to(folder.resolve()):
        raise DataFault(f"ClientError: {FAILED}: the key {key} points outside of its channel.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            shutil.copyfileobj(s3.get_object(Bucket=bucket, Key=key)["Body"], file, 1 << 20)
    except (NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        text = f"Please ensure that there is no object that is both a folder as well as a file: {key}."
        raise DataFault(f"ClientError: {FAILED}: {text}") from error


def path_below(prefix: str, key: str) -> str:
    """The path of an S3Prefix channel's object in the channel's folder.

    `in/train` and `in/train/` both put `in/train/a.csv` at `a.csv`, and the object `in/train` itself at `train`, as
    AWS's own local mode does. AWS does not document a prefix that ends inside a name: here `in/tr` puts it at
    `train/a.csv`."""
    rest = key.removeprefix(prefix)
    if prefix.endswith("/") or rest.startswith("/"):
        return rest.lstrip("/")
    return key[prefix.rfind("/") + 1 :]


def _check(channel: Mapping[str, Any]) -> None:
    """Raises: DataFault: the local AWS, or File mode, does not support the channel."""
    name, source = channel["ChannelName"], channel["DataSource"].get("S3DataSource")
    kind = (source or {}).get("S3DataType")
    what = ""
    if channel.get("InputMode") == "Pipe":
        what = "Pipe input mode: use File or FastFile"
    elif kind == "AugmentedManifestFile":
        what = "AugmentedManifestFile, which needs Pipe input mode: use S3Prefix or ManifestFile"
    elif kind not in ("S3Prefix", "ManifestFile"):
        what = (
            f"{kind or ' and '.join(sorted(channel['DataSource']))}: use an S3DataSource with S3Prefix or ManifestFile"
        )
    elif channel.get("CompressionType", "None") != "None":
        what = "CompressionType, which needs Pipe input mode: set it to None and decompress in your program"
    elif channel.get("RecordWrapperType", "None") != "None":
        what = "RecordWrapperType, which needs Pipe input mode: set it to None"
    if what:
        raise DataFault(f"ClientError: the channel {name} uses what the local AWS does not support, {what}.")


def _objects(s3: Any, source: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Bucket, key and path in the channel of each object. With one instance, its shard is all of them."""
    bucket, prefix = split(source["S3Uri"])
    if source["S3DataType"] == "ManifestFile":
        yield from _listed(s3.get_object(Bucket=bucket, Key=prefix)["Body"].read(), source["S3Uri"])
        return
    for key in keys(s3, bucket, prefix):
        yield bucket, key, path_below(prefix, key)


def _listed(body: bytes, uri: str) -> Iterator[tuple[str, str, str]]:
    """A manifest's objects, each at its path relative to the manifest's prefix. Raises: DataFault: it is invalid."""
    try:
        manifest = json.loads(body)
    except ValueError:
        manifest = None
    match manifest:
        case [{"prefix": str(start)}, *paths] if start.startswith("s3://") and all(isinstance(p, str) for p in paths):
            bucket, prefix = split(start)
        case _:
            text = f'{uri} is not a valid manifest: it must be [{{"prefix": "s3://bucket/folder/"}}, "path", …]'
            raise DataFault(f"ClientError: {FAILED}: {text}.")
    for path in paths:
        yield bucket, prefix + path, path.lstrip("/")
