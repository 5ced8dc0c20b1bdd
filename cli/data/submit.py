"""`submit`: run the pipeline's own checks locally, then upload to the bucket. The upload alone starts the tuning;
nothing else is called."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from chalicelib import layout
from chalicelib.csv.dataset import check_tables, size_of
from chalicelib.csv.file import CsvSummary, check_csv
from chalicelib.dataset import Listing
from chalicelib.errors import Refused
from chalicelib.layout import parse_key
from chalicelib.spec.asked import beyond_the_size
from chalicelib.spec.model import TuningSpec
from chalicelib.spec.parse import parse_spec
from cli.console import ExitCode, say, talk
from cli.data.csv_header import columns_of
from cli.data.progress import follow
from cli.data.watch import Watch
from cli.target.choice import TargetChoice
from cli.target.stack import Stack, find_stack
from cli.target.target import resolve

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Submission:
    """The files to upload, and where they go."""

    dataset: str
    files: tuple[Path, ...]
    target: str | None
    spec: Path | None
    channel: str

    def key(self, file: Path) -> str:
        return layout.upload(self.dataset, f"{self.channel}/{file.name}")


def submit(submission: Submission, wait: bool, choice: TargetChoice) -> ExitCode:
    """Check the files, then upload them. Raises: Refused: the pipeline's own refusals, before anything is uploaded."""
    _check_names(submission)
    target = resolve(choice)
    stack = find_stack(target)
    listing = stack.bucket.listing(submission.dataset)
    document = _spec_document(submission, stack, listing)
    _check(submission, _parsed(document, stack), is_alone=not listing.data)
    say(f"Uploading to {target}: s3://{stack.bucket_name}/{layout.upload(submission.dataset)}", style="dim")
    _upload(submission, stack, document)
    if not wait:
        say(f"Uploaded; `./retune status {submission.dataset}` shows the progress.")
        return ExitCode.DONE
    progress = follow(Watch(stack, submission.dataset))
    say(progress.reason, style="red" if progress.is_refused else None)
    return ExitCode.DONE if progress.is_completed and not progress.is_refused else ExitCode.FAILED


def _check_names(submission: Submission) -> None:
    names = [file.name for file in submission.files]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise typer.BadParameter(
            f"two files are named {', '.join(sorted(twice))}; in the bucket one would overwrite the other."
        )
    for file in submission.files:
        if parse_key(submission.key(file)) is None:
            raise typer.BadParameter(
                f"{submission.key(file)} is not a valid key: a dataset name has up to 63 letters, digits, "
                "dots, dashes and underscores, and a file name ends in .csv or .csv.gz."
            )


def _spec_document(submission: Submission, stack: Stack, listing: Listing) -> bytes | None:
    """Return the tuning.json to upload, or None to keep the one in the bucket.

    Raises: typer.BadParameter: no target column is named; the message lists the columns."""
    there = stack.bucket.read(listing.spec) if listing.spec else None
    given = submission.spec.read_bytes() if submission.spec else there
    if submission.target is None:
        if given is None:
            columns = ", ".join(columns_of(submission.files[0])) or "not readable"
            raise typer.BadParameter(
                "name the target column with --target or in --spec; "
                f"the columns of {submission.files[0].name} are {columns}."
            )
        return given if given != there else None
    columns_there = columns_of(submission.files[0])
    if columns_there and submission.target not in columns_there:
        raise typer.BadParameter(
            f"--target {submission.target} is not a column; "
            f"the columns of {submission.files[0].name} are {', '.join(columns_there)}."
        )
    spec = _object(given or b"{}")
    return json.dumps({**spec, "target": submission.target}, indent=2, ensure_ascii=False).encode()


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError as error:
        raise typer.BadParameter(f"the tuning spec is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise typer.BadParameter("the tuning spec must be a JSON object.")
    return found


def _parsed(document: bytes | None, stack: Stack) -> TuningSpec | None:
    return parse_spec(document, stack.ceilings) if document is not None else None


def _check(submission: Submission, spec: TuningSpec | None, *, is_alone: bool) -> None:
    """Check each file, and all of them together if they are the dataset's only data."""
    tables = [_summary(submission, file) for file in submission.files]
    missing = spec.missing if spec else "drop"  # without a new spec, the one in the bucket decides
    problems = tuple(problem for table in tables for problem in table.refusals(missing))
    if not problems and spec is not None and is_alone and submission.channel == "train":
        rule = spec.fold_rule()
        problems = check_tables(tables, [], spec.target, rule, missing)
        problems = problems or beyond_the_size(spec, size_of(tables, [], spec.target, rule, missing))
    if problems:
        raise Refused(problems)


def _summary(submission: Submission, file: Path) -> CsvSummary:
    return check_csv(f"{submission.channel}/{file.name}", _chunks(file))


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK_BYTES):
            yield chunk


def _upload(submission: Submission, stack: Stack, document: bytes | None) -> None:
    """Upload the spec first, so that there are never data without a target."""
    s3 = stack.target.client("s3")
    if document is not None:
        key = layout.upload(submission.dataset, "tuning.json")
        s3.put_object(Bucket=stack.bucket_name, Key=key, Body=document)
    bars = (TextColumn("{task.description}"), BarColumn(bar_width=24), DownloadColumn())
    with Progress(*bars, console=talk()) as progress:
        for file in submission.files:
            task = progress.add_task(file.name, total=file.stat().st_size)
            s3.upload_file(
                str(file),
                stack.bucket_name,
                submission.key(file),
                Callback=lambda sent, task=task: progress.advance(task, sent),
            )
