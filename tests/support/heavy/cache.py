"""Where the heavy suites keep what is slow to fetch or to make, and the lock by which two processes share it.

Everything in here may be deleted at any time between two runs. RETUNE_HEAVY_CACHE puts it outside the checkout, so
that fresh clones share it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = Path(os.environ.get("RETUNE_HEAVY_CACHE") or ROOT / ".retune" / "heavy")


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Hold this name's lock; a second process waits here. The kernel drops the lock when its holder dies."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
