"""Datasets by name: listings, fingerprints, tuning jobs' names."""

import dataclasses
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dataset import (
    DataFile,
    FileVersion,
    Listing,
    fingerprint,
    only_removed,
    tuning_job_name,
)

HEX = "0123abcd" * 8


def a_file(**changes: object) -> DataFile:
    values: dict[str, object] = {
        "channel": "train",
        "path": "a.csv",
        "key": "datasets/iris/train/a.csv",
        "etag": '"1"',
        "size": 5,
        "checksum": "sha256:aa",
    }
    return DataFile(**{**values, **changes})  # type: ignore[arg-type]


def a_fingerprint(*files: DataFile, dataset: str = "iris", image: str | None = None, **keys: object) -> str:
    return fingerprint("stack", dataset, files or (a_file(),), keys or {"target": "y"}, image)


def test_a_listing_tells_spec_marker_channels_and_strangers_apart() -> None:
    keys = ("train/b.csv", "train/a.csv", "validation/c.csv.gz", "tuning.json", "_READY", "train/", "train/x.txt")
    versions = {key: FileVersion(f"datasets/iris/{key}", '"e"', 1) for key in keys}
    listing = Listing("iris", tuple(versions.values()))
    assert listing.spec == versions["tuning.json"]
    assert listing.marker == versions["_READY"]
    assert listing.channel("train") == (versions["train/a.csv"], versions["train/b.csv"])
    assert listing.data == (versions["train/a.csv"], versions["train/b.csv"], versions["validation/c.csv.gz"])
    assert listing.ignored == ("datasets/iris/train/x.txt",)


def test_an_empty_listing_has_nothing() -> None:
    listing = Listing("iris", ())
    assert (listing.spec, listing.marker, listing.data, listing.ignored) == (None, None, (), ())


def test_a_listings_digest_knows_key_etag_and_size_and_no_order() -> None:
    one, two = FileVersion("k1", "e1", 1), FileVersion("k2", "e2", 2)
    digest = Listing("iris", (one, two)).digest
    assert digest == Listing("iris", (two, one)).digest
    for other in (FileVersion("k3", "e1", 1), FileVersion("k1", "e3", 1), FileVersion("k1", "e1", 3)):
        assert Listing("iris", (other, two)).digest != digest


def test_a_data_file_survives_its_dictionary() -> None:
    assert DataFile.from_dict({**a_file().to_dict(), "snapshot": "further keys are left aside"}) == a_file()


def test_the_fingerprint_is_the_sha_256_of_the_documented_json() -> None:
    text = '["retune-1","stack","iris",[["train","a.csv","sha256:aa"]],{"target":"y"},null]'
    assert a_fingerprint() == hashlib.sha256(text.encode()).hexdigest()


def test_the_fingerprint_knows_content_and_not_versions() -> None:
    assert a_fingerprint(a_file(etag='"2"', size=9, key="elsewhere")) == a_fingerprint()


@pytest.mark.parametrize("change", [{"channel": "validation"}, {"path": "b.csv"}, {"checksum": "sha256:bb"}])
def test_the_fingerprint_changes_with_channel_path_and_content(change: dict[str, str]) -> None:
    assert a_fingerprint(a_file(**change)) != a_fingerprint()


def test_the_fingerprint_changes_with_stack_dataset_keys_and_image() -> None:
    others = {
        fingerprint("other", "iris", [a_file()], {"target": "y"}, None),
        a_fingerprint(dataset="Iris"),
        a_fingerprint(target="z"),
        a_fingerprint(image="sha256:cc"),
        a_fingerprint(),
    }
    assert len(others) == 5


@given(st.permutations([a_file(), a_file(path="b.csv"), a_file(channel="validation")]))
def test_the_fingerprint_does_not_know_the_files_order(files: list[DataFile]) -> None:
    sorted_files = sorted(files, key=lambda file: (file.channel, file.path))
    assert a_fingerprint(*files) == a_fingerprint(*sorted_files)


@pytest.mark.parametrize(
    ("dataset", "name"),
    [
        ("iris", "retune-iris-0123abcd-a1"),
        ("My_House..Prices", "retune-my-house-pri-0123abcd-a1"),
        ("abcdefghijk-mno", "retune-abcdefghijk-0123abcd-a1"),
        ("A", "retune-a-0123abcd-a1"),
    ],
)
def test_a_tuning_job_is_named_after_prefix_dataset_fingerprint_and_attempt(dataset: str, name: str) -> None:
    assert tuning_job_name("retune", dataset, HEX, 1) == name


@pytest.mark.parametrize(("prefix", "attempt"), [("Retune", 1), ("toolongaa", 1), ("", 1), ("a-b", 1), ("retune", 0)])
def test_an_impossible_name_is_an_error_of_the_caller(prefix: str, attempt: int) -> None:
    with pytest.raises(ValueError, match="must"):
        tuning_job_name(prefix, "iris", HEX, attempt)


def test_the_hundredth_attempt_has_no_name() -> None:
    with pytest.raises(ValueError, match="from 1 to 99"):
        tuning_job_name("retune", "iris", HEX, 100)


def test_only_removed_means_a_strict_part_of_the_same_content() -> None:
    one, two = a_file(), a_file(path="b.csv")
    assert only_removed([one], [one, two])
    assert only_removed([dataclasses.replace(one, etag='"other"')], [one, two])
    assert not only_removed([one, two], [one, two])
    assert not only_removed([a_file(checksum="sha256:cc")], [one, two])
    assert not only_removed([one, a_file(path="c.csv")], [one, two])
    assert not only_removed([one, two], [one])
