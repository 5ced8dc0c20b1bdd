"""S3's events on EventBridge.

moto writes `eTag`, a Unix time and its own reason, sends a second `Object Created` for a multipart upload
and `Object Tags Added` for every put, and nothing when a delete marker is added to a versioned bucket.
Shapes: docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import has_request_context, request
from moto.core.responses import ActionResult
from moto.s3 import notifications
from moto.s3.models import S3Backend
from moto.s3.notifications import S3NotificationEvent as S3Event
from moto.s3.responses import S3Response

from local_sagemaker.moto_seams.common.patches import Patches

_REASONS = {
    S3Event.OBJECT_CREATED_PUT_EVENT: "PutObject",
    S3Event.OBJECT_CREATED_POST_EVENT: "POST Object",
    S3Event.OBJECT_CREATED_COPY_EVENT: "CopyObject",
    S3Event.OBJECT_CREATED_COMPLETE_MULTIPART_UPLOAD_EVENT: "CompleteMultipartUpload",
    S3Event.OBJECT_REMOVED_DELETE_EVENT: "DeleteObject",
    S3Event.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT: "DeleteObject",
}
_DELETIONS = {
    S3Event.OBJECT_REMOVED_DELETE_EVENT: "Permanently Deleted",
    S3Event.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT: "Delete Marker Created",
}


def install(patches: Patches, put_event: Callable[[dict[str, Any]], None]) -> None:
    """Pass the documented events of buckets that have EventBridge enabled to `put_event`."""

    def send(account_id: str, bucket: Any, event_name: S3Event, key: Any) -> None:
        if not _is_spurious(event_name, key):
            put_event(_event(account_id, bucket, event_name, key))

    patches.replace(notifications, "_send_event_bridge_message", lambda _: send)
    patches.replace(S3Backend, "_set_delete_marker", _announced)
    patches.replace(S3Response, "get_bucket_notification", _telling_of_event_bridge)


def _telling_of_event_bridge(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return EventBridge's setting too. moto's GetBucketNotificationConfiguration omits it, so that a client that
    reads, extends and puts the configuration would switch EventBridge off."""

    @wraps(original)
    def call(response: Any) -> Any:
        found = response.backend.get_bucket_notification_configuration(response.bucket_name)
        if found and found.event_bridge is not None:
            serialized = response.serialized
            response.serialized = lambda result: serialized(
                ActionResult({**result.result, "EventBridgeConfiguration": {}})
            )
        return original(response)

    return call


def _is_spurious(event_name: S3Event, key: Any) -> bool:
    if event_name == S3Event.OBJECT_CREATED_PUT_EVENT:
        return key.multipart is not None
    is_tagging = event_name == S3Event.OBJECT_TAGGING_PUT_EVENT
    return is_tagging and has_request_context() and "tagging" not in request.args


def _announced(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def call(backend: Any, bucket_name: str, *args: Any, **kwargs: Any) -> Any:
        marker = original(backend, bucket_name, *args, **kwargs)
        bucket = backend.get_bucket(bucket_name)
        if bucket.notification_configuration and bucket.notification_configuration.event_bridge is not None:
            notifications._send_event_bridge_message(
                backend.account_id, bucket, S3Event.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT, marker
            )
        return marker

    return call


def _event(account_id: str, bucket: Any, event_name: S3Event, key: Any) -> dict[str, Any]:
    detail = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": _object(key, is_deleted=event_name in _DELETIONS),
        "request-id": uuid.uuid4().hex[:16].upper(),
        "requester": account_id,
        "source-ip-address": "127.0.0.1",
        "reason": _REASONS.get(event_name, event_name.split(":")[-1]),
    }
    if event_name in _DELETIONS:
        detail["deletion-type"] = _DELETIONS[event_name]
    return {
        "detail-type": notifications._detail_type(event_name),
        "source": "aws.s3",
        "region": bucket.region_name,
        "resources": [bucket.arn],
        "detail": detail,
    }


def _object(key: Any, is_deleted: bool) -> dict[str, Any]:
    described: dict[str, Any] = {"key": key.name}
    if not is_deleted:
        described["size"] = key.size
    if etag := getattr(key, "etag", None):
        described["etag"] = etag.strip('"')
    if key.version_id not in (None, "null"):  # set only in versioned buckets
        described["version-id"] = key.version_id
    return described | {"sequencer": f"{time.time_ns():016X}"}
