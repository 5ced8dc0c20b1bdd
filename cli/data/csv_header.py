"""The first line of a CSV file on disk, to tell a person which columns there are before anything starts."""

import csv
import gzip
from pathlib import Path


def columns_of(path: Path) -> list[str]:
    """The names in the header; none when the file is no readable text: the pipeline's own check says why."""
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
            return [name.strip() for name in next(csv.reader(lines), [])]
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
