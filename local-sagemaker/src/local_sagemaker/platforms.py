"""Refuses every platform but Linux, whose process handles, file locks and process groups running jobs needs."""

import sys


class UnsupportedPlatform(ImportError):
    """This is not Linux; the message names the alternative."""


def check(platform: str = sys.platform) -> None:
    """Raises: UnsupportedPlatform."""
    if platform != "linux":
        raise UnsupportedPlatform(f"local-sagemaker runs on Linux only, not on {platform}: use its OCI image instead.")
