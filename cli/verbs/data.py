"""The verbs that concern a dataset: submit, status, best, explain, logs, retry, stop; here or on AWS."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.console import EXIT_CODES
from cli.verbs.options import AsJson, Aws, Dataset, Local


class Channel(StrEnum):
    """Which of a dataset's folders the files go to."""

    TRAIN = "train"
    VALIDATION = "validation"


def add_to(app: typer.Typer) -> None:
    """Register this file's verbs."""
    for verb in (submit, status, best, explain, logs, retry, stop):
        app.command(epilog=EXIT_CODES)(verb)


def submit(
    dataset: Dataset,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)],
    target: Annotated[str | None, typer.Option("--target", metavar="COLUMN", help="Goes into the spec.")] = None,
    spec: Annotated[
        Path | None, typer.Option("--spec", exists=True, dir_okay=False, help="A tuning.json to put with it.")
    ] = None,
    channel: Annotated[Channel, typer.Option("--channel", help="Which folder.")] = Channel.TRAIN,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it to the end.")] = False,
    local: Local = False,
    aws: Aws = False,
) -> None:
    """Check CSV files and upload them, which starts the tuning.

    \b
    ./retune submit sales sales.csv --target revenue --wait
    ./retune submit sales holdout.csv --channel validation
    """
    from cli.data.submit import Submission
    from cli.data.submit import submit as run

    raise typer.Exit(run(Submission(dataset, tuple(files), target, spec, channel.value), wait, local, aws))


def status(
    dataset: Annotated[str | None, typer.Argument(metavar="[DATASET]", help="One; default: all.")] = None,
    as_json: AsJson = False,
    local: Local = False,
    aws: Aws = False,
) -> None:
    """Show how far a dataset is, or all of them.

    \b
    The exit code is the dataset's: 0 when its last tuning job completed, 3 while
    something is under way, 1 when it failed or its data were refused.

    \b
    ./retune status
    ./retune status iris --json
    """
    from cli.data.read import status as run

    raise typer.Exit(run(dataset, as_json, local, aws))


def best(dataset: Dataset, as_json: AsJson = False, local: Local = False, aws: Aws = False) -> None:
    """Show the dataset's best model so far, and where it lies.

    \b
    ./retune best iris
    ./retune best iris --json | jq .best.model_uri
    """
    from cli.data.read import best as run

    raise typer.Exit(run(dataset, as_json, local, aws))


def explain(
    dataset: Dataset,
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="One of its objects.")] = None,
    as_json: AsJson = False,
    local: Local = False,
    aws: Aws = False,
) -> None:
    """Say why a dataset or a file did or did not start a tuning job.

    \b
    ./retune explain sales
    ./retune explain sales train/may.csv
    """
    from cli.data.read import explain as run

    raise typer.Exit(run(dataset, file, as_json, local, aws))


def logs(
    job: Annotated[
        str | None, typer.Argument(metavar="[TRAINING_JOB]", help="Its name, as in `best` or on SageMaker.")
    ] = None,
    function: Annotated[
        str | None, typer.Option("--function", metavar="NAME", help="A Lambda of the stack, as app.py calls it.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Up to the job's end; a Lambda's until Ctrl-C.")] = False,
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="A Lambda's: 90s, 15m, 1h, 2d.")] = "1h",
    as_json: Annotated[bool, typer.Option("--json", help="A Lambda's: raw, one JSON object a line.")] = False,
    local: Local = False,
    aws: Aws = False,
) -> None:
    """Show what a training job printed, or what a Lambda logged.

    \b
    ./retune logs retune-iris-37bda793-a1-007-b3ecb894 --follow
    ./retune logs --function on_upload --since 15m
    ./retune logs --function sweep --json | jq .message

    \b
    The Lambdas: on_upload, on_tuning_ended, on_build_ended, sweep. Times are UTC.
    """
    if (job is None) == (function is None):
        raise typer.BadParameter("name either a training job or, by --function, a Lambda.")
    if function:
        from cli.logs.function import run as show_function

        raise typer.Exit(show_function(function, since, follow, as_json, local, aws))
    from cli.logs.training_job import run as show_job

    raise typer.Exit(show_job(str(job), follow, local, aws))


def retry(dataset: Dataset, local: Local = False, aws: Aws = False) -> None:
    """Start a failed, stopped or deleted tuning job again.

    \b
    ./retune retry iris
    """
    from cli.data.control import retry as run

    raise typer.Exit(run(dataset, local, aws))


def stop(dataset: Dataset, local: Local = False, aws: Aws = False) -> None:
    """Stop the running tuning job; its best so far is recorded.

    \b
    ./retune stop iris
    """
    from cli.data.control import stop as run

    raise typer.Exit(run(dataset, local, aws))
