"""The platform that all jobs share: their ARNs, folders and events."""

from pathlib import Path
from typing import Any

from local_sagemaker.sagemaker.container.images import Images
from local_sagemaker.sagemaker.jobs.platform import Platform


def platform_of(home: Path, events: list[dict[str, Any]]) -> Platform:
    return Platform(None, home, Images({}), "eu-west-1", "123456789012", events.append)


def test_arns_name_the_region_and_the_account(tmp_path: Path) -> None:
    assert platform_of(tmp_path, []).arns == "arn:aws:sagemaker:eu-west-1:123456789012"


def test_a_platform_below_a_folder_shares_the_store(tmp_path: Path) -> None:
    platform = platform_of(tmp_path, [])

    below = platform.below("processing-jobs")

    assert below.home == tmp_path / "processing-jobs"
    assert below.store is platform.store


def test_nothing_is_emitted_once_the_store_is_closed(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []
    platform = platform_of(tmp_path, events)

    platform.emit({"number": 1})
    platform.store.close()
    platform.emit({"number": 2})

    assert events == [{"number": 1}]
