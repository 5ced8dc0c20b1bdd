"""Render one HTML page of all datasets, with their champions and histories and a link to every report."""

from collections.abc import Sequence

from chalicelib.report.page import render_page
from chalicelib.state import Known


def render_overview(known: Sequence[Known]) -> str:
    """Render the overview. The same ledger yields the same bytes: no clock is involved.

    Its links are relative, so they work wherever the whole folder `tuning/` is copied or served."""
    return render_page("overview.html", known=known)
