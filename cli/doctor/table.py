"""Findings, rendered for people."""

import textwrap
from collections.abc import Iterator, Sequence

from rich.text import Text

from cli.doctor.finding import Finding


def lines(findings: Sequence[Finding], width: int) -> Iterator[Text]:
    """Render each finding with its fix below; only commands, which are for copying, may exceed `width`."""
    margin = 5 + max(len(finding.name) for finding in findings)
    for finding in findings:
        what, *more = _wrapped(finding.what, width - margin)
        yield Text.assemble(_mark(finding), "  ", f"{finding.name:{margin - 3}}", what)
        fix = _wrapped(f"→ {finding.fix}", width - margin) if finding.fix and not finding.ok else []
        for line in (*more, *fix):
            yield Text(" " * margin + line)
        if finding.command and not finding.ok:
            yield Text(f"     {finding.command}")


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, 20), break_on_hyphens=False) or [""]


def _mark(finding: Finding) -> Text:
    if finding.is_warning:
        return Text("!", style="yellow")
    if finding.ok is None:
        return Text("–", style="dim")
    return Text("✓", style="green") if finding.ok else Text("✗", style="red")
