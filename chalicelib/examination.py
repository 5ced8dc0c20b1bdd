"""Examine a dataset: read its tuning spec, check its files, and compute the fingerprint of both.

Reading files is expensive. The result for each version of each file is cached in S3, so that correcting `tuning.json`
reads no CSV again.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib import layout
from chalicelib.aws.bucket import Bucket
from chalicelib.csv.dataset import check_tables, encoded_columns, size_of, warnings
from chalicelib.csv.file import CsvSummary, check_csv
from chalicelib.dataset import DataFile, FileVersion, Listing, fingerprint
from chalicelib.decision import Desired
from chalicelib.errors import Problem, Refused
from chalicelib.instances import memory_bytes
from chalicelib.layout import parse_key
from chalicelib.results.prices import price_usd_per_hour, worst_case_usd
from chalicelib.settings import Settings
from chalicelib.spec.asked import beyond_the_size
from chalicelib.spec.json import MAX_BYTES as SPEC_BYTES
from chalicelib.spec.problems import TARGET_IS_MISSING

if TYPE_CHECKING:
    from chalicelib.spec.model import TuningSpec

CHECK_FORMAT = "3"
"""Increased when the checks change, which invalidates cached results of older checks."""
READ_WHOLE_BYTES = 256 * 1024**2
"""Only the first part of larger files is checked; S3's checksum identifies their content."""
FIRST_PART_BYTES = 32 * 1024**2
MAX_FILES = 1_000
MAX_BYTES = 50 * 1024**3
MEMORY_PER_BYTE = 3
_DOUBLE_BYTES = 8


@dataclass(frozen=True)
class Examined:
    """The result: the input of the decision, the spec if it could be read, and warnings for people."""

    desired: Desired
    spec: "TuningSpec | None" = None
    warnings: tuple[str, ...] = ()


def first_look(bucket: Bucket, settings: Settings, listing: Listing) -> Desired:
    """Return what is known before any CSV is read, from `tuning.json` alone. An invalid spec is refused later."""
    has_data = bool(listing.channel("train"))
    try:
        spec = _read_spec(bucket, settings, listing)
    except Refused:
        return Desired(has_data)
    ready = spec.start != "marker" or listing.marker is not None
    return Desired(has_data, ready, supersede=spec.on_new_data == "supersede")


def examine(bucket: Bucket, settings: Settings, listing: Listing, image: str | None) -> Examined:
    """Read and check everything. Raises: DatasetChanged: a file was replaced during the check; Unavailable."""
    problems = _too_much(listing)
    if problems:
        return Examined(Desired(has_data=True, problems=problems))
    try:
        spec = _read_spec(bucket, settings, listing)
        if too_large := _beyond_the_memory(listing, spec):
            return Examined(Desired(has_data=True, problems=too_large), spec)
        problems += _over_the_cap(spec, settings)
    except Refused as refused:
        spec, problems = None, refused.problems
    tables = {version: _summary(bucket, listing.dataset, version) for version in listing.data}
    train = [tables[version] for version in listing.channel("train")]
    validation = [tables[version] for version in listing.channel("validation")]
    missing = spec.missing if spec else "error"
    problems += tuple(problem for table in tables.values() for problem in table.refusals(missing))
    if spec is not None and not problems:
        is_whole = all(version.size <= READ_WHOLE_BYTES for version in listing.channel("train"))
        rule = spec.fold_rule()
        problems += check_tables(train, validation, spec.target, rule, missing, is_whole=is_whole)
        if not problems:
            columns = encoded_columns(train, spec.target, rule.column)
            problems += _encoded_beyond_the_memory(listing, tables, columns, spec)
        if is_whole and not problems:
            problems += beyond_the_size(spec, size_of(train, validation, spec.target, rule, missing))
    if problems or spec is None:
        return Examined(Desired(has_data=True, problems=_with_the_columns(problems, train)), spec)
    files = tuple(_data_file(bucket, version, tables[version]) for version in listing.data)
    keys = spec.training_keys()
    tuned_image = image if spec.retune_on_new_image else None
    desired = Desired(
        has_data=True,
        fingerprint=fingerprint(settings.stack, listing.dataset, files, keys, tuned_image),
        files=files,
        training_keys=keys,
        supersede=spec.on_new_data == "supersede",
        has_image=image is not None,
    )
    return Examined(desired, spec, tuple(warnings(train, spec.target, missing, spec.fold_rule().column)))


def _read_spec(bucket: Bucket, settings: Settings, listing: Listing) -> "TuningSpec":
    """Return the dataset's tuning spec. Raises: Refused: there is none, or it is invalid."""
    from chalicelib.spec.parse import parse_spec  # imports pydantic: only Lambdas that read a spec pay for it

    raw = b"{}"
    if listing.spec is not None:
        first_bytes = SPEC_BYTES + 1 if listing.spec.size > SPEC_BYTES else None
        raw = b"".join(bucket.stream(listing.spec, first_bytes))
    spec = parse_spec(raw, settings.ceilings)
    return spec if "spot" in spec.model_fields_set else spec.model_copy(update={"spot": settings.spot})


def _too_much(listing: Listing) -> tuple[Problem, ...]:
    problems = []
    size = sum(version.size for version in listing.data)
    if len(listing.data) > MAX_FILES:
        what = f"has {len(listing.data)} files, but at most {MAX_FILES} are allowed"
        problems.append(Problem(listing.dataset, what, "combine them into fewer files", code="too-many-files"))
    if size > MAX_BYTES:
        what = f"has {size / 1024**3:.1f} GiB of data, but at most {MAX_BYTES // 1024**3} are allowed"
        problems.append(Problem(listing.dataset, what, "use a sample", code="too-much-data"))
    for version in listing.data:
        if version.size > READ_WHOLE_BYTES and version.key.lower().endswith(".gz"):
            fix = f"upload it as plain .csv, or as several files of less than {READ_WHOLE_BYTES // 1024**2} MiB"
            problems.append(
                Problem(_name(version), "is too large to check while compressed", fix, code="gzip-too-large")
            )
    return tuple(problems)


def _beyond_the_memory(listing: Listing, spec: "TuningSpec") -> tuple[Problem, ...]:
    size, most = sum(version.size for version in listing.data), _trainable_bytes(spec)
    if size <= most:
        return ()
    what = (
        f"has {size / 1024**3:.1f} GiB of data, but {spec.instance_type} trains at most a third of its memory, "
        f"{most / 1024**3:.1f} GiB"
    )
    fix = "set a larger `instance_type` in `tuning.json`, or use a sample"
    return (Problem(listing.dataset, what, fix, code="data-beyond-memory"),)


def _encoded_beyond_the_memory(
    listing: Listing, tables: Mapping[FileVersion, CsvSummary], columns: int, spec: "TuningSpec"
) -> tuple[Problem, ...]:
    """Text of many levels, and what was compressed, needs far more memory than its file's size."""
    rows = sum(_rows(version, table) for version, table in tables.items())
    size, most = rows * columns * _DOUBLE_BYTES, _trainable_bytes(spec)
    if size <= most:
        return ()
    what = (
        f"has {rows:,} rows of {columns:,} columns once text is encoded, {size / 1024**3:.1f} GiB, but "
        f"{spec.instance_type} trains at most a third of its memory, {most / 1024**3:.1f} GiB"
    )
    fix = "set a larger `instance_type` in `tuning.json`, group text values, or use a sample"
    return (Problem(listing.dataset, what, fix, code="encoded-beyond-memory"),)


def _trainable_bytes(spec: "TuningSpec") -> float:
    """Training needs about three times the data's size: the table, its encoded form, and the folds' work.

    Infinite for an instance type whose memory is unknown."""
    memory = memory_bytes(spec.instance_type)
    return math.inf if memory is None else memory / MEMORY_PER_BYTE


def _rows(version: FileVersion, table: CsvSummary) -> int:
    """Return the rows of a file: an estimate if only its first part was read."""
    return table.rows if version.size <= READ_WHOLE_BYTES else table.rows * version.size // FIRST_PART_BYTES


def _over_the_cap(spec: "TuningSpec", settings: Settings) -> tuple[Problem, ...]:
    """Compare the worst case with the lower of the two caps: the spec's and the stack's."""
    caps = [cap for cap in (spec.max_cost_usd, settings.ceilings.max_cost_usd) if cap is not None]
    if not caps:
        return ()
    price = price_usd_per_hour(spec.instance_type, settings.region)
    where = "`tuning.json`:"
    if price is None:
        what = f"the price of {spec.instance_type} in {settings.region} is unknown, so the cost cap cannot be checked"
        return (
            Problem(where, what, "choose another `instance_type`, or have the cost cap removed", code="price-unknown"),
        )
    worst = worst_case_usd(spec.max_jobs, 1, spec.max_runtime_s, price)
    if worst <= min(caps):
        return ()
    what = f"the tuning job could cost up to ${worst:.2f}, but the cap is ${min(caps):.2f}"
    return (Problem(where, what, "lower `max_jobs` or `max_runtime_s`", code="too-expensive"),)


def _with_the_columns(problems: tuple[Problem, ...], train: list[CsvSummary]) -> tuple[Problem, ...]:
    """If the target is missing, list the columns in the fix."""
    columns = next((table.columns for table in train if not table.problems), ())
    if not columns:
        return problems
    return tuple(
        replace(found, fix=f"{found.fix}; the columns are {', '.join(columns[:30])}")
        if found.what == TARGET_IS_MISSING
        else found
        for found in problems
    )


def known_summary(bucket: Bucket, dataset: str, version: FileVersion) -> CsvSummary | None:
    """Return the cached result for one version of one file, or None if it has not been checked."""
    known = bucket.get_json(_cached_at(dataset, version))
    return None if known is None else CsvSummary.from_dict(known)


def _summary(bucket: Bucket, dataset: str, version: FileVersion) -> CsvSummary:
    """Check one version of one file; the result is cached."""
    if known := known_summary(bucket, dataset, version):
        return known
    summary = check_csv(_name(version), _bytes_to_check(bucket, version))
    bucket.put_json(_cached_at(dataset, version), summary.to_dict())
    return summary


def _cached_at(dataset: str, version: FileVersion) -> str:
    identity = json.dumps([CHECK_FORMAT, version.key, version.etag, version.size])
    return layout.checked(dataset, hashlib.sha256(identity.encode()).hexdigest()[:32])


def _bytes_to_check(bucket: Bucket, version: FileVersion) -> Iterator[bytes]:
    if version.size <= READ_WHOLE_BYTES:
        return bucket.stream(version)
    return _whole_lines(b"".join(bucket.stream(version, FIRST_PART_BYTES)))


def _whole_lines(part: bytes) -> Iterator[bytes]:
    """Yield the part up to the last line end that is not inside quotes."""
    end = part.rfind(b"\n") + 1
    while end and part.count(b'"', 0, end) % 2:
        end = part.rfind(b"\n", 0, end - 1) + 1
    yield part[:end] or part


def _data_file(bucket: Bucket, version: FileVersion, summary: CsvSummary) -> DataFile:
    known = parse_key(version.key)
    assert known is not None, "a listing's data files have keys that parse"
    whole = version.size <= READ_WHOLE_BYTES
    checksum = f"sha256:{summary.sha256}" if whole else bucket.checksum(version)
    return DataFile(known.kind, known.path, version.key, version.etag, version.size, checksum)


def _name(version: FileVersion) -> str:
    known = parse_key(version.key)
    return f"{known.kind}/{known.path}" if known else version.key
