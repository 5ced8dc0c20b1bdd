"""Resets moto's state, which is global to the process."""

from moto.moto_api._internal import moto_api_backend


def reset() -> None:
    """Drop all buckets, queues, tables, functions and other resources of this process."""
    moto_api_backend.reset()
