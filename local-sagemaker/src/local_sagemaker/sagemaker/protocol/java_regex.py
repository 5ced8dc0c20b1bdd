r"""Translates the regular expressions of metric definitions from Java's dialect to Python's.

AWS documents no dialect. Assumed here: Java's, like the service model's own patterns, and the first capturing group,
named or not, holds the value. Python's `(?P<name>...)` is accepted too. Character classes, case and word boundaries are
ASCII, as Java's are without flags. What has no counterpart, such as `[a-z&&[^b]]`, is refused rather than misread.
"""

import re
import sys
from dataclasses import dataclass, field
from functools import cache

from local_sagemaker.sagemaker.protocol.categories import category

_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r"\t\n\x0b\f\r ",
}
_CLASSES = {"h": r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000", "v": r"\n\x0b\f\r\x85\u2028\u2029"}
_ESCAPES = {"e": r"\x1b", "z": r"\Z", "Z": r"(?=\n?\Z)", "R": r"(?:\r\n|[\n\x0b\f\r\x85\u2028\u2029])"}
_REFUSED = {"G": "the end of the previous match", "X": "a grapheme cluster", "N": "a character's name"}
_TOKEN = re.compile(
    r"""\\Q(?P<quoted>.*?)(?:\\E|\Z)
      | \\(?P<property>[pP])(?:\{(?P<long>[^}]*)\}|(?P<short>[A-Z]))
      | \\k<(?P<backreference>\w+)>
      | \\x\{(?P<code>[0-9a-fA-F]+)\}
      | \\0(?P<octal>[0-3]?[0-7]{1,2})
      | \\(?P<escaped>b\{g\}|.)
      | \(\?<(?P<name>[a-zA-Z]\w*)>
      | \(\?(?P<flags>-?[a-zA-Z]+(?:-[a-zA-Z]+)?)(?P<flags_end>[:)])
      | (?P<other>&&|.)""",
    re.VERBOSE | re.DOTALL,
)
_FLAGS = frozenset("imsx-")


@cache
def searcher(regex: str) -> re.Pattern[str]:
    """The compiled pattern. Raises: ValueError: it is invalid, or uses a feature of Java's that Python lacks."""
    try:
        return re.compile(_Translation().of(regex), re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error


@dataclass
class _Translation:
    """`groups` holds, for each open group, the flags that were turned on within it: Python has flags for whole groups
    only, so each `(?i)` opens one, which closes before the next `|` and the group's end."""

    groups: list[list[str]] = field(default_factory=lambda: [[]])
    in_class: bool = False

    def of(self, regex: str) -> str:
        text = "".join(self._token(found) for found in _TOKEN.finditer(regex))
        return text + ")" * len(self.groups[-1])

    def _token(self, found: re.Match[str]) -> str:
        if self.in_class and (found["name"] or found["flags"]):
            return "".join(self._other(letter) for letter in found[0])
        if found["quoted"] is not None:
            return re.escape(found["quoted"])
        if found["property"]:
            return self._property(found["long"] or found["short"], found["property"] == "P")
        if found["backreference"]:
            return f"(?P={found['backreference']})"
        if found["code"] or found["octal"]:
            return _character(int(found["code"], 16) if found["code"] else int(found["octal"], 8))
        if found["escaped"]:
            return self._escape(found["escaped"])
        if found["name"]:
            self.groups.append([])
            return f"(?P<{found['name']}>"
        return self._flags(found["flags"], found["flags_end"]) if found["flags"] else self._other(found["other"])

    def _flags(self, flags: str, end: str) -> str:
        if not _FLAGS.issuperset(flags):
            raise ValueError(f"the flags {flags} are not supported: only i, m, s and x are")
        opening = f"(?{flags}:"
        if end == ":":
            self.groups.append([])
        else:
            self.groups[-1].append(opening)
        return opening

    def _other(self, letter: str) -> str:
        if self.in_class:
            return self._in_class(letter)
        if letter == "[":
            self.in_class = True
        elif letter == "(":
            self.groups.append([])
        elif letter == ")" and len(self.groups) > 1:
            return ")" * len(self.groups.pop()) + ")"
        elif letter == "|":
            return ")" * len(self.groups[-1]) + "|" + "".join(self.groups[-1])
        return letter

    def _in_class(self, letter: str) -> str:
        if letter in ("[", "&&"):
            raise ValueError("character classes within character classes are not supported: write `\\[` for a bracket")
        self.in_class = letter != "]"
        return f"\\{letter}" if letter in "|~" else letter  # Python reserves them, doubled, for operations on sets

    def _escape(self, letter: str) -> str:
        if letter in _REFUSED or letter == "b{g}":
            raise ValueError(f"\\{letter} is not supported: {_REFUSED.get(letter, 'a boundary of graphemes')}")
        if letter.lower() in _CLASSES:
            return self._members(_CLASSES[letter.lower()], letter.isupper())
        if letter in _ESCAPES and not (self.in_class and letter != "e"):
            return _ESCAPES[letter]
        return f"\\{letter}"

    def _property(self, name: str, is_negated: bool) -> str:
        members = _POSIX.get(name) or category(name.removeprefix("Is"))
        if not members:
            raise ValueError(f"the character property {name} is not supported")
        return self._members(members, is_negated)

    def _members(self, members: str, is_negated: bool) -> str:
        if self.in_class and is_negated:
            raise ValueError("a negated property within a character class is not supported")
        return members if self.in_class else f"[{'^' * is_negated}{members}]"


def _character(code: int) -> str:
    if code > sys.maxunicode:
        raise ValueError(f"there is no character {code:x}")
    return re.escape(chr(code))
