"""glibc's heaps, of which threads get up to eight a core.

Memory that was freed in one heap serves no thread of another, and with a thread for each request every heap grows to
what the largest requests need. Python runs one thread at a time, so that more heaps gain it nothing.
"""

import ctypes

_M_ARENA_MAX = -8  # malloc.h
_HEAPS = 2


def limit_arenas() -> None:
    """Let all threads of this process share two heaps. Call it before there are many threads: glibc decides once.

    Does nothing under another C library."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(_M_ARENA_MAX, _HEAPS)
