"""S3's requests, and the buckets of CloudFormation.

moto ignores CopySourceIfMatch, gives SSE-KMS objects the MD5 of their bytes as ETag, and ignores a
CloudFormation bucket's NotificationConfiguration and VersioningConfiguration.
"""

import hashlib
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

from moto.s3.exceptions import PreconditionFailed
from moto.s3.models import FakeBucket, FakeKey
from moto.s3.responses import S3Response

from local_sagemaker.moto_seams.common.patches import Patches

_KMS = ("aws:kms", "aws:kms:dsse")


def install(patches: Patches) -> None:
    """Make S3 as strict as AWS, and apply a template's settings to CloudFormation's buckets."""
    patches.one_at_a_time(S3Response, "put_object", "copy_object")  # moto checks, then writes
    for name in ("copy_object", "upload_part_copy"):
        patches.replace(S3Response, name, _if_source_matches)
    patches.replace(FakeKey, "__init__", _opaque_etag_under_kms)
    for name in ("create_from_cloudformation_json", "update_from_cloudformation_json"):
        patches.replace(FakeBucket, name, _as_the_template_says)


def _if_source_matches(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def call(response: Any, *args: Any, **kwargs: Any) -> Any:
        wanted = response.headers.get("x-amz-copy-source-if-match")
        if wanted and (source := _source(response)) and source.etag.strip('"') != wanted.strip('"'):
            raise PreconditionFailed("x-amz-copy-source-If-Match")
        return original(response, *args, **kwargs)

    return call


def _source(response: Any) -> Any:
    parsed = urlparse(response.headers["x-amz-copy-source"])
    bucket, key = unquote(parsed.path).lstrip("/").split("/", 1)
    version_id = parse_qs(parsed.query).get("versionId", [None])[0]
    return response.backend.get_object(bucket, key, version_id=version_id)


def _opaque_etag_under_kms(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def init(key: Any, *args: Any, **kwargs: Any) -> None:
        original(key, *args, **kwargs)
        if key.encryption in _KMS and key._etag is None:
            key._etag = hashlib.md5(uuid.uuid4().bytes, usedforsecurity=False).hexdigest()

    return init


def _as_the_template_says(original: Any) -> Any:
    @wraps(original.__func__)
    def call(cls: Any, *args: Any, **kwargs: Any) -> Any:
        bucket = original.__func__(cls, *args, **kwargs)
        template = next(a for a in (*args, *kwargs.values()) if isinstance(a, dict) and "Type" in a)
        properties = template.get("Properties", {})
        if "VersioningConfiguration" in properties:
            bucket.versioning_status = properties["VersioningConfiguration"]["Status"]
        if _wants_event_bridge(properties):
            bucket.set_notification_configuration({"EventBridgeConfiguration": {}})
        return bucket

    return classmethod(call)


def _wants_event_bridge(properties: dict[str, Any]) -> bool:
    wanted = properties.get("NotificationConfiguration", {}).get("EventBridgeConfiguration")
    return wanted is not None and str(wanted.get("EventBridgeEnabled", True)).lower() == "true"
