"""Where everything lies in the bucket: the one home of its keys, written and read. Pure.

datasets/<dataset>/{train,validation}/…, tuning.json, _READY      what people upload
tuning/<dataset>/<tuning job>/…                                   what Retune writes about one tuning job
tuning/<dataset>/checked/…, tuning/index.html                     remembered checks, the page of all datasets
"""

import re
from dataclasses import dataclass

UPLOADS = "datasets/"
OVERVIEW = "tuning/index.html"

_DATASET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_CHANNELS = ("train", "validation")


@dataclass(frozen=True)
class DatasetKey:
    """What a key under `datasets/` is: a file of a channel (`train`, `validation`), the `spec`, or the `marker`."""

    dataset: str
    kind: str
    path: str


def upload(dataset: str, path: str = "") -> str:
    """The key of a person's file, such as `tuning.json` or `train/a.csv`; without a path the dataset's folder."""
    return f"{UPLOADS}{dataset}/{path}"


def job(dataset: str, tuning_job: str, path: str = "") -> str:
    """The key of what belongs to one tuning job, such as `data/train/`; without a path its folder."""
    return f"tuning/{dataset}/{tuning_job}/{path}"


def manifest(dataset: str, tuning_job: str) -> str:
    return job(dataset, tuning_job, "manifest.json")


def request(dataset: str, tuning_job: str) -> str:
    return job(dataset, tuning_job, "request.json")


def record(dataset: str, tuning_job: str) -> str:
    return job(dataset, tuning_job, "record.json")


def report(dataset: str, tuning_job: str) -> str:
    return job(dataset, tuning_job, "report.html")


def checked(dataset: str, digest: str) -> str:
    """The key of what the checks said of one version of one file, named by a digest of that version."""
    return f"tuning/{dataset}/checked/{digest}.json"


def is_dataset_name(name: str) -> bool:
    return _DATASET.fullmatch(name) is not None


def parse_key(key: str) -> DatasetKey | None:
    """What the key is, or None for one that means nothing to us. Keys are raw, never URL-decoded."""
    dataset = dataset_of(key)
    if dataset is None:
        return None
    rest = key.split("/", 2)[2]
    if rest == "tuning.json":
        return DatasetKey(dataset, "spec", rest)
    if rest == "_READY":
        return DatasetKey(dataset, "marker", rest)
    channel, _, path = rest.partition("/")
    if channel in _CHANNELS and path.lower().endswith((".csv", ".csv.gz")):
        return DatasetKey(dataset, channel, path)
    return None


def dataset_of(key: str) -> str | None:
    """The dataset that the key lies under, whatever the rest of it, or None."""
    parts = key.split("/", 2)
    legal = len(parts) == 3 and f"{parts[0]}/" == UPLOADS and is_dataset_name(parts[1])
    return parts[1] if legal else None
