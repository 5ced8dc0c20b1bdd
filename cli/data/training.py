"""How a dataset's training jobs will fit, for `explain`: from its tuning spec and the cached checks of its files."""

from chalicelib.algorithm import training_plan
from chalicelib.csv.dataset import check_tables, encoded_columns, size_of
from chalicelib.csv.file import CsvSummary
from chalicelib.dataset import Listing
from chalicelib.errors import Refused
from chalicelib.examination import READ_WHOLE_BYTES, known_summary
from chalicelib.hyperparameter import Size
from chalicelib.spec.asked import asked_by
from chalicelib.spec.model import TuningSpec
from chalicelib.spec.parse import parse_spec
from cli.target.stack import Stack

MOST_FILES = 100
"""Reading each file's check is a request, which takes longer than a person waits for an answer if there are more."""


def plan_of(stack: Stack, dataset: str) -> list[str]:
    """Return the sentences: none without a valid spec, only the rules while the data are unchecked or unsound."""
    listing = stack.bucket.listing(dataset)
    if listing.spec is None:
        return []
    try:
        spec = parse_spec(stack.bucket.read(listing.spec), stack.ceilings)
    except Refused:
        return []
    size, columns = _size(stack, listing, spec)
    return list(training_plan(asked_by(spec), size, columns))


def _size(stack: Stack, listing: Listing, spec: TuningSpec) -> tuple[Size | None, int]:
    if len(listing.data) > MOST_FILES:
        return None, 1
    train, validation = (_tables(stack, listing, channel) for channel in ("train", "validation"))
    rule = spec.fold_rule()
    if not train or validation is None or check_tables(train, validation, spec.target, rule, spec.missing):
        return None, 1
    return size_of(train, validation, spec.target, rule, spec.missing), encoded_columns(train, spec.target, rule.column)


def _tables(stack: Stack, listing: Listing, channel: str) -> list[CsvSummary] | None:
    """Return the cached checks of a channel's files, or None if one is unchecked, unsound or was not read whole."""
    versions = listing.channel(channel)
    tables = [known_summary(stack.bucket, listing.dataset, version) for version in versions]
    whole = all(version.size <= READ_WHOLE_BYTES for version in versions)
    sound = [table for table in tables if table is not None and not table.problems]
    return sound if whole and len(sound) == len(tables) else None
