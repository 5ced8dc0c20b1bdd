"""All datasets → one HTML page with their champions and histories, which links to every report."""

from collections.abc import Sequence

from chalicelib.report.page import render_page
from chalicelib.state import Known


def render_overview(known: Sequence[Known]) -> str:
    """The overview. The same ledger gives the same bytes: no clock goes in.

    Its links are relative: they lead on wherever the folder `tuning/` is copied or served as a whole."""
    return render_page("overview.html", known=known)
