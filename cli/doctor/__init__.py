"""`doctor`: what this machine and the target have, and how to mend what they lack.

Each check stands alone: what one may not see, or does not find, does not keep the others from looking.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace

from cli.console import ExitCode, page, write_json
from cli.doctor.account import account
from cli.doctor.finding import Finding
from cli.doctor.machine import machine
from cli.doctor.stack import stack
from cli.doctor.table import lines
from cli.target import running
from cli.target.target import NoTarget, Target, resolve


def run(as_json: bool, local: bool, aws: bool) -> ExitCode:
    """0 when nothing needs mending; a warning needs none."""
    findings = [*machine(), *_target(local, aws)]
    if as_json:
        write_json([asdict(finding) for finding in findings])
    else:
        console = page()
        for line in lines(findings, console.width):
            console.print(line, soft_wrap=True)
    return ExitCode.FAILED if any(finding.ok is False for finding in findings) else ExitCode.DONE


def _target(local: bool, aws: bool) -> Iterator[Finding]:
    pid = running.holder()
    yield Finding("local AWS", True if pid else None, f"up, as process {pid}" if pid else "none is up")
    try:
        target = resolve(local, aws)
    except NoTarget as error:
        yield Finding("target", False if local or aws else None, str(error))
        return
    reached = list(account(target))
    yield from reached
    if all(finding.ok for finding in reached):
        yield from (_for_that_target(finding, target) for finding in stack(target))


def _for_that_target(finding: Finding, target: Target) -> Finding:
    """Our own verbs never take the real AWS by themselves: the command that mends must name it."""
    if target.endpoint_url is not None or not finding.command.startswith("./retune "):
        return finding
    return replace(finding, command=f"{finding.command} --aws")
