"""The header of a local CSV file, to check and list its columns before anything starts."""

import csv
import gzip
from pathlib import Path


def columns_of(path: Path) -> list[str]:
    """Return the names in the header; none if the file is not readable text: the pipeline's own check says why."""
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
            return [name.strip() for name in next(csv.reader(lines), [])]
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
