"""What a check found, and how a failing check is isolated from the others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from chalicelib.aws.faults import code_of, text_of

DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}


@dataclass(frozen=True)
class Finding:
    """One check's result. `ok` is None if it is optional or could not be checked; with a fix it is a warning.

    `fix` says what the user can do, `command` is for copying."""

    name: str
    ok: bool | None
    what: str
    fix: str = ""
    command: str = ""

    @property
    def is_warning(self) -> bool:
        return self.ok is None and bool(self.fix or self.command)


def isolated(name: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield the findings; if the check itself fails, yield a finding that says so instead of raising."""
    try:
        yield from findings
    except ClientError as error:
        yield _not_seen(name, error)
    except BotoCoreError as error:
        yield Finding(name, None, f"could not be checked: {error}", "try again")
    except ResponseParserError:
        yield Finding(name, None, "could not be checked: the answer is not from AWS", "check for a proxy in between")


def _not_seen(name: str, error: ClientError) -> Finding:
    if code_of(error) not in DENIED:
        return Finding(name, None, f"could not be checked: {code_of(error)}: {text_of(error)}", "try again")
    needed = re.search(r"perform: (\S+)", text_of(error))
    action = needed[1] if needed else f"what {error.operation_name} needs"
    return Finding(name, None, "you are not allowed to check this", f"ask for permission: {action}")
