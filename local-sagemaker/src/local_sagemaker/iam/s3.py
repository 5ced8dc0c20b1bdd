"""Which permissions a request to S3 needs.

docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html. A copy that keeps the source's tags
needs permission to read and write tags whether or not there are any. Permissions on KMS keys are not checked.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from local_sagemaker.iam.policy import Permission

_OF_OBJECTS = {
    ("GET", ""): "GetObject",
    ("HEAD", ""): "GetObject",
    ("PUT", ""): "PutObject",
    ("DELETE", ""): "DeleteObject",
    ("POST", "uploads"): "PutObject",
    ("PUT", "uploadId"): "PutObject",
    ("POST", "uploadId"): "PutObject",
    ("DELETE", "uploadId"): "AbortMultipartUpload",
    ("GET", "uploadId"): "ListMultipartUploadParts",
    ("GET", "tagging"): "GetObjectTagging",
    ("PUT", "tagging"): "PutObjectTagging",
    ("DELETE", "tagging"): "DeleteObjectTagging",
}
_OF_BUCKETS = {
    ("GET", ""): "ListBucket",
    ("HEAD", ""): "ListBucket",
    ("GET", "versions"): "ListBucketVersions",
    ("GET", "uploads"): "ListBucketMultipartUploads",
    ("GET", "location"): "GetBucketLocation",
}
_OF_VERSIONS = {"GetObject": "GetObjectVersion", "DeleteObject": "DeleteObjectVersion"}
_PLAIN = ("list-type", "prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type",
          "fetch-owner", "marker", "partNumber", "versionId", "x-id")  # fmt: skip
"""Query parameters that do not select another operation."""
_KEYS = ("prefix", "delimiter", "max-keys")


class UnknownOperation(Exception):
    """A call whose permissions are not in our tables."""


def of_s3(environ: Mapping[str, Any]) -> Iterator[Permission]:
    """Each permission, in the order in which S3 checks them. Raises: UnknownOperation."""
    path = environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace")
    bucket, _, key = path.removeprefix("/").partition("/")
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    operation = environ["REQUEST_METHOD"], _subresource(query)
    if not bucket and operation == ("GET", ""):
        yield Permission("s3:ListAllMyBuckets", "*")
    elif not key:
        context = {f"s3:{name}": tuple(query[name]) for name in _KEYS if name in query}
        yield Permission(f"s3:{_known(_OF_BUCKETS, operation)}", f"arn:aws:s3:::{bucket}", context)
    else:
        action = _known(_OF_OBJECTS, operation)
        versioned = _OF_VERSIONS.get(action, action) if "versionId" in query else action
        yield Permission(f"s3:{versioned}", f"arn:aws:s3:::{bucket}/{key}")
        if action == "PutObject":
            yield from _of_what_is_put(environ, f"arn:aws:s3:::{bucket}/{key}", operation)


def missing_object(asked: Permission) -> Permission | None:
    """The permission that a caller needs for S3 to answer that an object does not exist, instead of access denied."""
    if asked.action not in ("s3:GetObject", "s3:GetObjectVersion"):
        return None
    return Permission("s3:ListBucket", asked.resource.partition("/")[0])


def _of_what_is_put(environ: Mapping[str, Any], target: str, operation: tuple[str, str]) -> Iterator[Permission]:
    source, _, query = environ.get("HTTP_X_AMZ_COPY_SOURCE", "").partition("?versionId=")
    if source:
        origin = f"arn:aws:s3:::{unquote(source).removeprefix('/')}"
        yield Permission("s3:GetObjectVersion" if query else "s3:GetObject", origin)
        if operation == ("PUT", "") and environ.get("HTTP_X_AMZ_TAGGING_DIRECTIVE", "COPY") == "COPY":
            yield Permission("s3:GetObjectVersionTagging" if query else "s3:GetObjectTagging", origin)
            yield Permission("s3:PutObjectTagging", target)
    if environ.get("HTTP_X_AMZ_TAGGING"):
        yield Permission("s3:PutObjectTagging", target)
    if environ.get("HTTP_X_AMZ_ACL"):
        yield Permission("s3:PutObjectAcl", target)


def _subresource(query: Mapping[str, Any]) -> str:
    others = [name for name in query if name not in _PLAIN and not name.lower().startswith(("x-amz-", "response-"))]
    return ",".join(sorted(others))


def _known(table: Mapping[tuple[str, str], str], operation: tuple[str, str]) -> str:
    if operation not in table:
        raise UnknownOperation(" ?".join(part for part in operation if part))
    return table[operation]
