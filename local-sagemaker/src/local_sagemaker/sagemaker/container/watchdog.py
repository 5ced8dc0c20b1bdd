"""Ends serving containers even if the local AWS is killed: a separate process notices that its pipe closes.

A parent-death signal is not enough: it is lost when a container changes its user, and reaches only one process.
"""

import subprocess
import sys
import threading

GRACE_S = 2.0
_PROGRAM = f"""
import os, signal, sys, time
groups = set()
for line in sys.stdin:
    sign, group = line[0], int(line[1:])
    groups.add(group) if sign == "+" else groups.discard(group)
def signalled(number):
    found = set()
    for group in groups:
        try:
            os.killpg(group, number)
            found.add(group)
        except ProcessLookupError:
            pass
    return found
signalled(signal.SIGTERM)
until = time.monotonic() + {GRACE_S}
while signalled(0) and time.monotonic() < until:
    time.sleep(0.05)
signalled(signal.SIGKILL)
"""


class Watchdog:
    """Watches the process groups that must end with this process. Its own process starts with the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def watch(self, group: int) -> None:
        with self._lock:
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-IS", "-c", _PROGRAM], stdin=subprocess.PIPE, text=True, start_new_session=True
                )
            self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """Stop watching the group, since its number may be reused."""
        with self._lock:
            if self._process is not None:
                self._tell(f"-{group}\n")

    def stop(self) -> None:
        """End the groups that are still watched, and the watchdog."""
        with self._lock:
            if self._process is not None:
                self._process.communicate()
                self._process = None

    def _tell(self, line: str) -> None:
        assert self._process is not None and self._process.stdin is not None, "the watchdog must be running with a pipe"
        self._process.stdin.write(line)
        self._process.stdin.flush()
