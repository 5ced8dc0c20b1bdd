"""Linux, and no other platform."""

import pytest

from local_sagemaker.platforms import UnsupportedPlatform, check


def test_linux_is_accepted() -> None:
    check("linux")


@pytest.mark.parametrize("platform", ["darwin", "win32", "freebsd14", "emscripten"])
def test_any_other_platform_is_refused_by_name(platform: str) -> None:
    with pytest.raises(UnsupportedPlatform, match=f"not on {platform}: use its OCI image"):
        check(platform)
