"""moto's state is one per process."""

from moto.moto_api._internal import moto_api_backend


def reset() -> None:
    """Forgets every bucket, queue, table and function of this process."""
    moto_api_backend.reset()
