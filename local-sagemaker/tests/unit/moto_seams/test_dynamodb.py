"""Copies of items."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from local_sagemaker.moto_seams import dynamodb
from local_sagemaker.moto_seams.common.patches import Patches

ATTRIBUTES: dict[str, Any] = {
    "pk": {"S": "a"},
    "sk": {"N": "1"},
    "list": {"L": [{"S": "x"}, {"M": {"inner": {"N": "5"}}}]},
    "map": {"M": {"inner": {"S": "y"}}},
    "set": {"SS": ["p", "q"]},
}


@pytest.fixture
def item() -> Iterator[Any]:
    patches = Patches()
    dynamodb.install(patches)
    yield Item(DynamoType({"S": "a"}), DynamoType({"N": "1"}), ATTRIBUTES)
    patches.undo()


def test_a_copy_is_equal(item: Any) -> None:
    copy = deepcopy(item)

    assert copy == item
    assert copy.to_json() == item.to_json()
    assert copy.size() == item.size()


def test_what_can_change_is_not_shared(item: Any) -> None:
    copy = deepcopy(item)

    copy.attrs["list"].value.append(DynamoType({"S": "z"}))
    copy.attrs["list"].value[1].value["inner"] = DynamoType({"N": "6"})
    copy.attrs["map"].value["inner"] = DynamoType({"S": "z"})
    copy.attrs["set"].value.append("r")
    copy.attrs["pk"] = DynamoType({"S": "b"})

    assert item.to_json()["Attributes"] == ATTRIBUTES


def test_attributes_of_scalar_types_are_shared(item: Any) -> None:
    copy = deepcopy(item)

    assert copy.attrs["sk"] is item.attrs["sk"]
    assert copy.hash_key is item.hash_key
