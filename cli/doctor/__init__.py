"""`doctor`: check this machine and the target, and suggest a fix for each problem.

The checks are independent: one that is denied or fails does not stop the others.
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
from cli.target.choice import TargetChoice
from cli.target.target import NoTarget, NothingAnswers, Target, resolve


def run(as_json: bool, choice: TargetChoice) -> ExitCode:
    """0 when nothing needs a fix; a warning does not."""
    findings = [*machine(), *_target(choice)]
    if as_json:
        write_json([asdict(finding) for finding in findings])
    else:
        console = page()
        for line in lines(findings, console.width):
            console.print(line, soft_wrap=True)
    return ExitCode.FAILED if any(finding.ok is False for finding in findings) else ExitCode.DONE


def _target(choice: TargetChoice) -> Iterator[Finding]:
    ups = running.every()
    for up in ups:
        yield Finding("local AWS", True, f"up, as process {up.pid}, with the home {up.home}")
    if not ups:
        yield Finding("local AWS", None, "none is up")
    try:
        target = resolve(choice)
    except NoTarget as error:
        yield Finding("target", False if choice.is_explicit else None, str(error))
        return
    except NothingAnswers as error:
        yield Finding("target", False, str(error))
        return
    reached = list(account(target))
    yield from reached
    if all(finding.ok for finding in reached):
        yield from (_for_that_target(finding, target) for finding in stack(target))


def _for_that_target(finding: Finding, target: Target) -> Finding:
    """Add `--aws` to our own commands, which never use the real AWS by default."""
    if target.endpoint_url is not None or not finding.command.startswith("./retune "):
        return finding
    return replace(finding, command=f"{finding.command} --aws")
