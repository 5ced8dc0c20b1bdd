"""What of a build's log is worth telling: the last lines of the phase that failed. Pure.

CodeBuild writes lines of its own between those of the commands, beginning with `[Container]` and the time.
"""

import re

MOST_LINES = 20
FAILED = re.compile(r"^\[Container\] .*Phase complete: \w+ State: (?!SUCCEEDED)")
_OWN = re.compile(r"^\[Container\] \S+ \S+ ")
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-_])")


def last_lines(log: str) -> tuple[str, ...]:
    """The last lines before the first phase that failed was over, for later phases may follow; where no phase
    says that it failed, as after a timeout, the log's last lines. Without colours, progress bars and blank lines."""
    lines = [_plain(line) for line in re.split(r"\r?\n", log)]
    end = next((number for number, line in enumerate(lines) if FAILED.match(line)), len(lines))
    told = [_OWN.sub("", line).rstrip() for line in lines[:end]]
    return tuple(line for line in told if line.strip())[-MOST_LINES:]


def _plain(line: str) -> str:
    """What a terminal would show of the line in the end: a carriage return writes over what was there."""
    return _ESCAPES.sub("", line).rstrip("\r").rsplit("\r", 1)[-1]
