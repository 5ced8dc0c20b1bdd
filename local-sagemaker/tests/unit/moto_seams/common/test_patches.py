"""Attributes replaced and put back."""

from types import SimpleNamespace

import pytest

from local_sagemaker.moto_seams.common.patches import Patches, SeamBroken


class Base:
    def hello(self) -> str:
        return "base"


class Owner(Base):
    def bye(self) -> str:
        return "bye"


def test_a_replaced_attribute_is_put_back() -> None:
    patches, original = Patches(), vars(Owner)["bye"]

    patches.replace(Owner, "bye", lambda bye: lambda self: f"{bye(self)}, {bye(self)}")
    replaced = Owner().bye()
    patches.undo()

    assert replaced == "bye, bye"
    assert vars(Owner)["bye"] is original


def test_an_attribute_that_is_not_there_cannot_be_replaced() -> None:
    patches = Patches()

    with pytest.raises(SeamBroken, match=r"test_patches\.Owner has no `by`, which test_patches\.py"):
        patches.replace(Owner, "by", lambda original: original)

    assert not hasattr(Owner, "by")
    assert patches.seams == []


def test_an_attribute_of_a_module_that_is_not_there_cannot_be_replaced() -> None:
    import json

    with pytest.raises(SeamBroken, match="json has no `serialise`"):
        Patches().replace(json, "serialise", lambda original: original)


def test_an_inherited_attribute_is_replaced_in_the_owner_alone_and_inherited_again() -> None:
    patches = Patches()

    patches.replace(Owner, "hello", lambda hello: lambda self: f"not {hello(self)}")
    said = Owner().hello(), Base().hello()
    patches.undo()

    assert said == ("not base", "base")
    assert "hello" not in vars(Owner)


def test_an_attribute_whose_value_is_none_is_put_back() -> None:
    patches, owner = Patches(), SimpleNamespace(setting=None)

    patches.replace(owner, "setting", lambda _: 1)
    patches.undo()

    assert owner.setting is None


def test_an_added_attribute_is_removed_again() -> None:
    patches = Patches()

    patches.add(Owner, "ask", lambda self: "what?")
    asked = Owner().ask()  # type: ignore[attr-defined]
    patches.undo()

    assert asked == "what?"
    assert not hasattr(Owner, "ask")


@pytest.mark.parametrize("name", ["bye", "hello"])
def test_an_attribute_that_is_there_cannot_be_added(name: str) -> None:
    with pytest.raises(SeamBroken, match=rf"test_patches\.Owner has `{name}` already"):
        Patches().add(Owner, name, lambda self: "mine")


def test_the_original_of_an_attribute_that_two_seams_replace_is_the_first_ones() -> None:
    patches, original = Patches(), vars(Owner)["bye"]

    for _ in range(2):
        patches.replace(Owner, "bye", lambda bye: lambda self: bye(self))
    patches.undo()

    assert [seam.original for seam in patches.seams] == [original, original]
