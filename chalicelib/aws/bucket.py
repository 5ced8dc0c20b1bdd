"""The data bucket: listings, guarded reads, snapshots and the JSON documents that are too big for the ledger."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from botocore.exceptions import ClientError

from chalicelib import layout
from chalicelib.aws.faults import code_of, translated
from chalicelib.dataset import FileVersion, Listing

CHUNK_BYTES = 1 << 20
LARGEST_PLAIN_COPY_BYTES = 5 * 1024**3
"""CopyObject's limit; above it S3 wants a multipart copy (AWS: S3 user guide, "Copying objects")."""
PART_BYTES = 512 * 1024**2
SNAPSHOT_TAG = urlencode({"retune:kind": "snapshot"})
"""What the bucket's lifecycle knows snapshots by: its filters have no wildcards, so their keys cannot say it."""


class Bucket:
    """One S3 bucket. A file is always read and copied at the version that was listed, or not at all."""

    def __init__(self, s3: Any, name: str):
        self._s3 = s3
        self.name = name

    def listing(self, dataset: str) -> Listing:
        """Every object under the dataset's folder, as it is now."""
        return Listing(dataset, tuple(self._versions(layout.upload(dataset))))

    def datasets(self) -> Iterator[str]:
        """The name of every dataset that has an object and a legal name."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=layout.UPLOADS, Delimiter="/"
        )
        with translated():
            folders = (found["Prefix"] for page in pages for found in page.get("CommonPrefixes", []))
            names = (layout.dataset_of(folder) for folder in folders)
            yield from (name for name in names if name)

    def read(self, version: FileVersion) -> bytes:
        """The whole object. Raises: DatasetChanged: it is no longer this version."""
        return b"".join(self.stream(version))

    def stream(self, version: FileVersion, first_bytes: int | None = None) -> Iterator[bytes]:
        """The object's bytes in chunks, `first_bytes` at most. Raises: DatasetChanged."""
        part = {"Range": f"bytes=0-{first_bytes - 1}"} if first_bytes else {}
        with translated():
            found = self._s3.get_object(Bucket=self.name, Key=version.key, IfMatch=version.etag, **part)
            yield from found["Body"].iter_chunks(CHUNK_BYTES)

    def checksum(self, version: FileVersion) -> str:
        """What stands for the content of a file that is too big to read: S3's own checksum of the full object,
        else its ETag and size (which another part size changes although the bytes are the same)."""
        with translated():
            found = self._s3.head_object(
                Bucket=self.name, Key=version.key, IfMatch=version.etag, ChecksumMode="ENABLED"
            )
        if found.get("ChecksumType") == "FULL_OBJECT":
            for algorithm in ("SHA256", "CRC64NVME", "SHA1", "CRC32C", "CRC32"):
                if value := found.get(f"Checksum{algorithm}"):
                    return f"s3:{algorithm}:{value}"
        return f"etag:{version.etag}:{version.size}"

    def snapshot(self, version: FileVersion, key: str) -> None:
        """Copy exactly this version to `key`, with the snapshot's tag for its own. Raises: DatasetChanged."""
        source = {"Bucket": self.name, "Key": version.key}
        with translated():
            if version.size > LARGEST_PLAIN_COPY_BYTES:
                self._copy_by_parts(version, key, source)
            else:
                self._s3.copy_object(
                    Bucket=self.name,
                    Key=key,
                    CopySource=source,
                    CopySourceIfMatch=version.etag,
                    TaggingDirective="REPLACE",
                    Tagging=SNAPSHOT_TAG,
                    MetadataDirective="REPLACE",
                    ContentType="text/csv",
                )

    def put_json(self, key: str, value: Mapping[str, Any]) -> str:
        """Write a document; its URI."""
        body = json.dumps(value, indent=2, sort_keys=False, allow_nan=False).encode()
        return self.put(key, body, "application/json")

    def put(self, key: str, body: bytes, content_type: str) -> str:
        """Write an object; its URI."""
        with translated():
            self._s3.put_object(Bucket=self.name, Key=key, Body=body, ContentType=content_type)
        return self.uri(key)

    def get_json(self, key: str) -> dict[str, Any] | None:
        """A document that we wrote, or None when there is none."""
        body = self.get(key)
        if body is None:
            return None
        document: dict[str, Any] = json.loads(body)
        return document

    def get(self, key: str) -> bytes | None:
        """An object that we wrote, or None when there is none."""
        with translated():
            try:
                body: bytes = self._s3.get_object(Bucket=self.name, Key=key)["Body"].read()
            except ClientError as error:
                if code_of(error) == "NoSuchKey":
                    return None
                raise
        return body

    def uri(self, key: str) -> str:
        return f"s3://{self.name}/{key}"

    def _versions(self, prefix: str) -> Iterator[FileVersion]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        with translated():
            for page in pages:
                for found in page.get("Contents", []):
                    yield FileVersion(found["Key"], found["ETag"].strip('"'), int(found["Size"]))

    def _copy_by_parts(self, version: FileVersion, key: str, source: Mapping[str, str]) -> None:
        target = {"Bucket": self.name, "Key": key}
        upload = self._s3.create_multipart_upload(**target, ContentType="text/csv", Tagging=SNAPSHOT_TAG)["UploadId"]
        parts = []
        for number, start in enumerate(range(0, version.size, PART_BYTES), start=1):
            end = min(start + PART_BYTES, version.size) - 1
            copied = self._s3.upload_part_copy(
                **target,
                UploadId=upload,
                PartNumber=number,
                CopySource=source,
                CopySourceIfMatch=version.etag,
                CopySourceRange=f"bytes={start}-{end}",
            )
            parts.append({"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]})
        self._s3.complete_multipart_upload(**target, UploadId=upload, MultipartUpload={"Parts": parts})
