"""Where everything lies in the bucket: what its keys mean, and which ones Retune writes."""

import pytest

from chalicelib import layout
from chalicelib.layout import DatasetKey, dataset_of, parse_key


@pytest.mark.parametrize(
    ("key", "meaning"),
    [
        ("datasets/iris/train/a.csv", DatasetKey("iris", "train", "a.csv")),
        ("datasets/iris/train/sub/folder/A.CSV", DatasetKey("iris", "train", "sub/folder/A.CSV")),
        ("datasets/iris/validation/b.Csv.Gz", DatasetKey("iris", "validation", "b.Csv.Gz")),
        ("datasets/iris/tuning.json", DatasetKey("iris", "spec", "tuning.json")),
        ("datasets/iris/_READY", DatasetKey("iris", "marker", "_READY")),
        ("datasets/A.b-c_1/train/a b+é%20.csv", DatasetKey("A.b-c_1", "train", "a b+é%20.csv")),
        (f"datasets/{'d' * 63}/train/a.csv", DatasetKey("d" * 63, "train", "a.csv")),
    ],
)
def test_a_key_of_the_grammar_is_understood(key: str, meaning: DatasetKey) -> None:
    assert parse_key(key) == meaning


@pytest.mark.parametrize(
    "key",
    [
        "datasets/iris/train/",
        "datasets/iris/train/notes.txt",
        "datasets/iris/train/a.csv.zip",
        "datasets/iris/a.csv",
        "datasets/iris/test/a.csv",
        "datasets/iris/sub/tuning.json",
        "datasets/iris/TUNING.JSON",
        "datasets/iris/train/tuning.json",
        "datasets//train/a.csv",
        "datasets/.hidden/train/a.csv",
        "datasets/-a/train/a.csv",
        "datasets/a b/train/a.csv",
        "datasets/iris\n/train/a.csv",
        f"datasets/{'d' * 64}/train/a.csv",
        "datasets/iris",
        "/datasets/iris/train/a.csv",
        "tuning/iris/train/a.csv",
        "",
    ],
)
def test_any_other_key_means_nothing(key: str) -> None:
    assert parse_key(key) is None


@pytest.mark.parametrize(
    ("key", "dataset"),
    [
        ("datasets/iris/whatever/else.txt", "iris"),
        ("datasets/iris/", "iris"),
        ("datasets/iris", None),
        ("datasets/a b/train/a.csv", None),
        ("tuning/iris/x", None),
    ],
)
def test_an_odd_file_still_wakes_the_dataset_that_it_lies_under(key: str, dataset: str | None) -> None:
    assert dataset_of(key) == dataset


def test_what_one_tuning_job_leaves_lies_together() -> None:
    folder = layout.job("iris", "retune-iris-37bda793-a1")

    assert folder == "tuning/iris/retune-iris-37bda793-a1/"
    keys = [each("iris", "retune-iris-37bda793-a1") for each in (layout.manifest, layout.request, layout.record)]
    assert keys == [f"{folder}manifest.json", f"{folder}request.json", f"{folder}record.json"]
    assert layout.report("iris", "retune-iris-37bda793-a1") == f"{folder}report.html"


def test_what_a_person_uploads_is_understood_where_it_is_put() -> None:
    assert parse_key(layout.upload("iris", "tuning.json")) == DatasetKey("iris", "spec", "tuning.json")
    assert parse_key(layout.upload("iris", "train/a.csv")) == DatasetKey("iris", "train", "a.csv")
    assert dataset_of(layout.upload("iris")) == "iris"
