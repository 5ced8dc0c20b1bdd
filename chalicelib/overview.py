"""The page of all datasets, `tuning/index.html`: made from the ledger alone, so anybody may make it again."""

from dataclasses import dataclass

from chalicelib.aws.bucket import Bucket
from chalicelib.aws.ledger import Ledger
from chalicelib.report.overview import render_overview

KEY = "tuning/index.html"


@dataclass(frozen=True)
class Overview:
    """Written after each conclusion. Of two that write at once the later may know less: the sweep sets it right."""

    bucket: Bucket
    ledger: Ledger

    def refresh(self) -> None:
        """Write the page unless it is there already as it should be. Raises: Unavailable: again later."""
        page = render_overview(self.ledger.known()).encode()
        if self.bucket.get(KEY) != page:
            self.bucket.put(KEY, page, "text/html")
