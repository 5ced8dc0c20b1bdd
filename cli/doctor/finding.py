"""What a check found, and how one check's trouble is kept from the others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from chalicelib.aws.faults import code_of, text_of

DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `ok` is None for what need not be there, or could not be seen; with a fix it is a warning.

    `fix` says what a person can do, `command` is for copying."""

    name: str
    ok: bool | None
    what: str
    fix: str = ""
    command: str = ""

    @property
    def is_warning(self) -> bool:
        return self.ok is None and bool(self.fix or self.command)


def isolated(name: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings; if AWS does not let us look, one that says so, and whoever asks goes on."""
    try:
        yield from findings
    except ClientError as error:
        yield _not_seen(name, error)
    except BotoCoreError as error:
        yield Finding(name, None, f"could not be looked at: {error}", "try again")
    except ResponseParserError:
        yield Finding(name, None, "could not be looked at: the answer is none of AWS's", "is a proxy in between?")


def _not_seen(name: str, error: ClientError) -> Finding:
    if code_of(error) not in DENIED:
        return Finding(name, None, f"could not be looked at: {code_of(error)}: {text_of(error)}", "try again")
    needed = re.search(r"perform: (\S+)", text_of(error))
    action = needed[1] if needed else f"what {error.operation_name} needs"
    return Finding(name, None, "you are not allowed to look", f"have {action} allowed to you")
