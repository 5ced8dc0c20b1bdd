"""S3: how it answers, the events of its buckets, and its objects in a home."""

from collections.abc import Callable
from typing import Any

from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.moto_seams.s3 import buckets, events


def install(patches: Patches, put_event: Callable[[dict[str, Any]], None]) -> None:
    """Make S3 behave as AWS's; `put_event` receives the events of buckets that have EventBridge enabled."""
    buckets.install(patches)
    events.install(patches, put_event)
