"""S3, DynamoDB and ECR in memory: what the pipeline asks of them, hundreds of times faster than moto.

`tests/pipeline/test_memory.py` runs the same cases against moto, so that these are no kinder than it.
"""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.support.pipeline.fake_sagemaker import Pages, client_error

Item = dict[str, Any]


class MemoryDynamoDB:
    """One table with `pk` and `sk`, and the expressions that `chalicelib.aws.table` writes."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Item] = {}

    def create_table(self, **_: Any) -> None:
        """It is there."""

    def get_item(self, Key: Item, **_: Any) -> dict[str, Any]:  # noqa: N803
        found = self.items.get(_name(Key))
        return {"Item": dict(found)} if found else {}

    def update_item(self, Key: Item, UpdateExpression: str, **asked: Any) -> None:  # noqa: N803
        names, values = asked["ExpressionAttributeNames"], asked["ExpressionAttributeValues"]
        item = self.items.get(_name(Key), {})
        for condition in filter(None, asked.get("ConditionExpression", "").split(" AND ")):
            if not _holds(condition, item, names, values):
                raise client_error("ConditionalCheckFailedException", "The conditional request failed")
        sets, _, removes = UpdateExpression.removeprefix("SET ").partition(" REMOVE ")
        changed = {**Key, **item}
        for name, value in (pair.split(" = ") for pair in sets.split(", ")):
            changed[names[name]] = values[value]
        for name in filter(None, removes.split(", ")):
            changed.pop(names[name], None)
        self.items[_name(Key)] = changed

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, f"_{operation}"))

    def _query(self, KeyConditionExpression: str, ExpressionAttributeValues: Item, **_: Any) -> dict[str, Any]:  # noqa: N803
        values = ExpressionAttributeValues
        if KeyConditionExpression == "due = :due AND wake_at <= :now":
            due = [item for item in self.items.values() if _same(item.get("due"), values[":due"]) and "wake_at" in item]
            ready = [item for item in due if _number(item["wake_at"]) <= _number(values[":now"])]
            return {"Items": sorted(ready, key=lambda item: _number(item["wake_at"]))}
        assert KeyConditionExpression == "pk = :pk AND begins_with(sk, :sk)"
        pk, sk = values[":pk"]["S"], values[":sk"]["S"]
        found = [name for name in self.items if name[0] == pk and name[1].startswith(sk)]
        return {"Items": [dict(self.items[name]) for name in sorted(found)]}

    def _scan(self, FilterExpression: str, ExpressionAttributeValues: Item, **_: Any) -> dict[str, Any]:  # noqa: N803
        assert FilterExpression == "begins_with(pk, :pk)"
        prefix = ExpressionAttributeValues[":pk"]["S"]
        return {"Items": [dict(item) for (pk, _), item in self.items.items() if pk.startswith(prefix)]}


class MemoryS3:
    """One bucket without versions."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def create_bucket(self, **_: Any) -> None:
        """It is there."""

    def put_object(self, Key: str, Body: bytes, **_: Any) -> None:  # noqa: N803
        self.objects[Key] = Body

    def get_object(self, Key: str, IfMatch: str | None = None, Range: str = "", **_: Any) -> dict[str, Any]:  # noqa: N803
        body = self._body(Key, "NoSuchKey")
        if IfMatch is not None and IfMatch.strip('"') != _etag(body).strip('"'):
            raise client_error("PreconditionFailed", "At least one of the preconditions did not hold.")
        if part := re.fullmatch(r"bytes=0-(\d+)", Range):
            body = body[: int(part[1]) + 1]
        return {"Body": Body(body), "ETag": _etag(body)}

    def head_object(self, Key: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        body = self._body(Key, "404")
        return {"ETag": _etag(body), "ContentLength": len(body)}

    def copy_object(self, Key: str, CopySource: Mapping[str, str], **_: Any) -> None:  # noqa: N803
        self.objects[Key] = self._body(CopySource["Key"], "NoSuchKey")

    def delete_object(self, Key: str, **_: Any) -> None:  # noqa: N803
        self.objects.pop(Key, None)

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, f"_{operation}"))

    def _list_objects_v2(self, Prefix: str = "", Delimiter: str | None = None, **_: Any) -> dict[str, Any]:  # noqa: N803
        contents, folders = [], []
        for key in sorted(key for key in self.objects if key.startswith(Prefix)):
            head, delimiter, _ = key[len(Prefix) :].partition(Delimiter) if Delimiter else (key, "", "")
            if delimiter:
                folders.append(f"{Prefix}{head}{delimiter}")
            else:
                body = self.objects[key]
                contents.append({"Key": key, "ETag": _etag(body), "Size": len(body)})
        return {"Contents": contents, "CommonPrefixes": [{"Prefix": folder} for folder in dict.fromkeys(folders)]}

    def _body(self, key: str, code: str) -> bytes:
        if key not in self.objects:
            raise client_error(code, "The specified key does not exist.")
        return self.objects[key]


class MemoryEcr:
    """One repository."""

    URI = "123456789012.dkr.ecr.us-east-1.amazonaws.com/retune-mars"

    def __init__(self) -> None:
        self.images: dict[str, dict[str, Any]] = {}

    def create_repository(self, **_: Any) -> None:
        """It is there."""

    def put_image(self, imageDigest: str, imageTag: str, imageManifestMediaType: str, **_: Any) -> None:  # noqa: N803
        self.images[imageDigest] = {
            "imageDigest": imageDigest,
            "imageTags": [imageTag],
            "imageManifestMediaType": imageManifestMediaType,
            "imagePushedAt": datetime.now(UTC),
        }

    def describe_repositories(self, **_: Any) -> dict[str, Any]:
        return {"repositories": [{"repositoryUri": self.URI}]}

    def get_paginator(self, operation: str) -> Pages:
        return Pages(lambda **_: {"imageDetails": list(self.images.values())})


class Body(io.BytesIO):
    """An object's content as botocore streams it."""

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        while chunk := self.read(size):
            yield chunk


def _name(key: Item) -> tuple[str, str]:
    return key["pk"]["S"], key["sk"]["S"]


def _holds(condition: str, item: Item, names: Mapping[str, str], values: Item) -> bool:
    if absent := re.fullmatch(r"attribute_not_exists\((#\d+)\)", condition):
        return names[absent[1]] not in item
    name, value = condition.split(" = ")
    return _same(item.get(names[name]), values[value])


def _same(one: Any, other: Any) -> bool:
    """DynamoDB compares numbers by value, whatever their digits are."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() == other.keys() == {"N"}:
            return _number(one) == _number(other)
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)


def _number(value: Mapping[str, str]) -> Decimal:
    return Decimal(value["N"])


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
