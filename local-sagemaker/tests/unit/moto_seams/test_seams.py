"""What the seams replace is what it was when they were written."""

import re
from pathlib import Path

import pytest

from local_sagemaker import moto_seams, seams
from local_sagemaker.moto_seams.common.patches import Patches
from local_sagemaker.seams import manifest_of, to_read_again
from support.account import Account

SEAM_FILES = Path(moto_seams.__file__).parent


class Queue:
    """Stands for a class of moto's."""

    def send(self, message: str) -> str:
        return message

    @classmethod
    def made(cls) -> "Queue":
        return cls()

    @property
    def url(self) -> str:
        return "url"


class ChangedQueue:
    def send(self, message: str) -> str:
        return message.strip()


class Outer:
    class ReformattedQueue:
        def send(self, message: str) -> str:

            return message


def of(owner: type, *names: str) -> dict[str, str]:
    """The fingerprint of each attribute by its name in `owner`."""
    patches = Patches()
    patches.rely_on(owner, *names)
    [found] = manifest_of(patches.seams)["seams"].values()
    return {attribute.rpartition(".")[2]: fingerprint for attribute, fingerprint in found.items()}


def test_moto_is_what_the_seams_were_written_for(account: Account) -> None:
    changed = to_read_again(seams.read(), seams.manifest_of(account.aws.seams))

    assert not changed, "\n".join(
        [*changed, "Read these again in moto, put the seams right, then: python -m local_sagemaker.seams --refresh"]
    )


def test_every_file_of_seams_is_in_the_manifest() -> None:
    calls = re.compile(r"patches\.(replace|add|one_at_a_time|rely_on)\(")
    files = {
        file.relative_to(SEAM_FILES).as_posix() for file in SEAM_FILES.rglob("*.py") if calls.search(file.read_text())
    }

    guarded = seams.read()["seams"].keys()

    assert len(guarded) > 10
    assert files - guarded == {"ec2.py"}  # it is about botocore, and test_ec2.py watches it


def test_a_changed_original_is_named_with_the_file_of_its_seam() -> None:
    before = {"moto": "1", "seams": {"sqs.py": of(Queue, "send", "made")}}
    after = {"moto": "1", "seams": {"sqs.py": of(Queue, "made") | of(ChangedQueue, "send")}}

    assert to_read_again(before, after) == ["sqs.py: send has changed"]


def test_an_attribute_that_only_one_side_has_is_named() -> None:
    before = {"moto": "1", "seams": {"sqs.py": {"send": "1"}}}
    after = {"moto": "2", "seams": {"dynamodb.py": {"put": "2"}}}

    assert to_read_again(before, after) == [
        "moto is 2, the manifest is of 1",
        "dynamodb.py: put is not in the manifest",
        "sqs.py: send is only in the manifest",
    ]


@pytest.mark.parametrize("name", ["send", "made", "url", "__init__"])
def test_methods_class_methods_properties_and_what_is_inherited_have_a_fingerprint(name: str) -> None:
    assert re.fullmatch("[0-9a-f]{16}", of(Queue, name)[name])


def test_indentation_and_blank_lines_are_no_change() -> None:
    assert of(Queue, "send") == of(Outer.ReformattedQueue, "send")


def test_a_seam_on_a_seam_is_about_the_original() -> None:
    patches = Patches()

    for _ in range(2):
        patches.replace(Queue, "send", lambda send: lambda *args: send(*args))
    patches.undo()

    [found] = manifest_of(patches.seams)["seams"].values()
    assert [*found.values()] == [of(Queue, "send")["send"]]


def test_what_a_seam_adds_and_a_module_that_it_replaces_have_no_source_to_compare() -> None:
    patches = Patches()

    patches.add(Queue, "ask", lambda _: None)
    patches.rely_on(seams, "json")
    patches.undo()

    assert [*manifest_of(patches.seams)["seams"]["test_seams.py"].values()] == ["added", "module json"]
