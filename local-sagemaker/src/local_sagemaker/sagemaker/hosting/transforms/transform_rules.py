"""Checks of CreateTransformJob: AWS's rules across members, and the rejection of what is not supported here."""

from collections.abc import Mapping
from typing import Any

from local_sagemaker.sagemaker.hosting.transforms.data_processing import check_processing
from local_sagemaker.sagemaker.protocol.errors import invalid

MAX_PAYLOAD_MB = 100
_TYPES = ("S3Prefix", "ManifestFile")
_SPLITS = ("None", "Line")


def check_transform_job(request: Mapping[str, Any]) -> None:
    """Raises: ServiceError: ValidationException."""
    source = request["TransformInput"]["DataSource"]["S3DataSource"]
    if source["S3DataType"] not in _TYPES:
        raise invalid(f"S3DataType must be one of {', '.join(_TYPES)} for a transform job, not {source['S3DataType']}.")
    for member, uri in (("S3Uri", source["S3Uri"]), ("S3OutputPath", request["TransformOutput"]["S3OutputPath"])):
        if not uri.startswith("s3://"):
            raise invalid(f"The local AWS supports s3://… for {member}, not {uri}.")
    if request["TransformInput"].get("SplitType", "None") not in _SPLITS:
        raise invalid(
            f"The local AWS splits by {' or '.join(_SPLITS)}, not by {request['TransformInput']['SplitType']}."
        )
    if request.get("DataCaptureConfig"):
        raise invalid("The local AWS captures no data: it does not support DataCaptureConfig.")
    _check_payload(request)
    check_processing(request)


def _check_payload(request: Mapping[str, Any]) -> None:
    """Check the documented limit of CreateTransformJob: neither may exceed 100 MB."""
    payload, concurrent = request.get("MaxPayloadInMB", 0), request.get("MaxConcurrentTransforms", 0)
    if payload > MAX_PAYLOAD_MB:
        raise invalid(f"MaxPayloadInMB must be at most {MAX_PAYLOAD_MB}, not {payload}.")
    if payload * concurrent > MAX_PAYLOAD_MB:
        text = f"MaxConcurrentTransforms * MaxPayloadInMB must be at most {MAX_PAYLOAD_MB} MB"
        raise invalid(f"{text}, not {concurrent} * {payload}.")
